using System.Globalization;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Generations;

/// <summary>
/// A job's folder as a later generation sees it: under the same names are its own documents and its own result. What is the same in
/// all generations is shared: <c>job.json</c>, what was listed before, and the attempts' parts, whose names are random.
/// </summary>
/// <param name="folder">The job's folder.</param>
/// <param name="before">The generation before; null: it is the first.</param>
/// <param name="generation">The generation.</param>
internal sealed class GenerationStore(IBlobStore folder, GenerationStore? before, GenerationDocument generation) : IBlobStore
{
    private readonly string _own = JobLayout.GenerationFolder(generation.Generation);
    private readonly string _result = JobLayout.ResultFolder(generation.Generation);

    public string Location => folder.Location;

    public bool ComposesOnServer => folder.ComposesOnServer;

    /// <summary>Where a blob is in the job's folder.</summary>
    public string Place(string name)
    {
        if (name == JobLayout.Job || name.StartsWith(JobLayout.Parts, StringComparison.Ordinal)) return name;
        if (name.StartsWith(JobLayout.Result, StringComparison.Ordinal)) return _result + name[JobLayout.Result.Length..];
        return WasThere(name) ? before?.Place(name) ?? name : _own + name;
    }

    /// <remarks>Of segments, only those that this generation has listed.</remarks>
    public async IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        string place = PlaceOfAll(prefix);
        await foreach (BlobPage page in folder.ListAsync(place, after is null ? null : after with { Name = place + after.Name[prefix.Length..] }, pageSize, cancellation))
            yield return new BlobPage([.. page.Blobs.Select(blob => blob with { Name = Name(blob.Name) })], page.End with { Name = Name(page.End.Name) });

        string Name(string found) => prefix + found[place.Length..];
    }

    public async Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation) =>
        await folder.FindAsync(Place(name), cancellation) is { } found ? found with { Name = name } : null;

    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => folder.ReadAsync(Place(name), options, cancellation);

    public Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => folder.OpenReadAsync(Place(name), options, cancellation);

    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        folder.WriteAsync(Place(name), content, condition, attempt, cancellation);

    public Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        folder.OpenWriteAsync(Place(name), condition, attempt, cancellation);

    public Task<WriteResult> ComposeAsync(string name, IReadOnlyList<BlobPiece> pieces, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        folder.ComposeAsync(Place(name), [.. pieces.Select(piece => piece.Name is { } blob ? BlobPiece.Of(Place(blob), piece.ETag, piece.Size, piece.Start) : piece)], condition, attempt, cancellation);

    public Task<DateTimeOffset?> AskTimeAsync(CancellationToken cancellation) => folder.AskTimeAsync(cancellation);

    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation) => folder.DeleteAsync(Place(name), ifMatch, cancellation);

    private string PlaceOfAll(string prefix)
    {
        if (prefix.StartsWith(JobLayout.Parts, StringComparison.Ordinal)) return prefix;
        if (prefix.StartsWith(JobLayout.Result, StringComparison.Ordinal)) return _result + prefix[JobLayout.Result.Length..];
        // Anything else would be one folder to some of its names and another to others.
        return prefix.Contains('/', StringComparison.Ordinal) ? _own + prefix : throw new ArgumentException($"'{prefix}' is in several generations; expected a folder of one.", nameof(prefix));
    }

    private bool WasThere(string name)
    {
        if (name == JobLayout.Listing) return generation.IsListed;
        string? number = new[] { JobLayout.Segments, JobLayout.GroundTruths }.Where(folder => name.StartsWith(folder, StringComparison.Ordinal)).Select(folder => Path.GetFileNameWithoutExtension(name[folder.Length..])).FirstOrDefault();
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int segment) && segment < generation.Segments;
    }
}
