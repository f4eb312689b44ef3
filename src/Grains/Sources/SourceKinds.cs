using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Sources;

/// <summary>What a job's collection can be, and how that is told.</summary>
public static class SourceKinds
{
    /// <summary>A folder or a container's prefix: what is below it.</summary>
    public const string Folder = "folder";

    /// <summary>A text file with a name a line, or JSON lines.</summary>
    public const string Manifest = "manifest";

    /// <summary>A COCO file: its images.</summary>
    public const string Coco = "coco";

    /// <summary>A tar archive: what is in it.</summary>
    public const string Tar = "tar";

    private static readonly (string Ending, string Kind)[] Endings =
    [
        (".txt", Manifest), (".lst", Manifest), (".jsonl", Manifest), (".ndjson", Manifest), (".json", Coco), (".tar", Tar),
        // Told apart so that the error says what is wrong with them.
        (".tar.gz", Tar), (".tgz", Tar), (".tar.bz2", Tar), (".tbz2", Tar), (".tar.xz", Tar), (".txz", Tar), (".tar.zst", Tar), (".tzst", Tar),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Folder, Manifest, Coco, Tar];

    /// <summary>What ends as this URI does; null: no kind of file.</summary>
    /// <param name="uri">A path or URI.</param>
    public static string? ByEnding(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        string place = BlobUri.WithoutSecrets(uri);
        if (place.EndsWith(BlobUri.HiddenQuery, StringComparison.Ordinal)) place = place[..^BlobUri.HiddenQuery.Length];
        return Endings.FirstOrDefault(ending => place.EndsWith(ending.Ending, StringComparison.OrdinalIgnoreCase)).Kind;
    }

    /// <summary>What a collection is: what is said, else a folder if there is one, else what its URI ends as.</summary>
    /// <param name="uri">The collection.</param>
    /// <param name="said">What its user says; null: nothing.</param>
    public static string Of(string uri, string? said)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (said is not null) return said;
        return BlobUri.LocalPath(uri) is { } path && Directory.Exists(path) ? Folder : ByEnding(uri) ?? Folder;
    }
}
