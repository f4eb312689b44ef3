using System.Text.Json;

namespace MaskRcnn.Client.Results;

/// <summary><c>manifest.json</c>: what the result consists of. It is written last, so where it is, everything is.</summary>
public sealed class ResultManifest
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private ResultManifest(IReadOnlyList<ResultFile> files, JsonElement document) => (Files, Document) = (files, document);

    /// <summary>Every file of the result but the manifest itself, by ordinal order of the names.</summary>
    public IReadOnlyList<ResultFile> Files { get; }

    /// <summary>Whether the job ended before its work was done: the result is of the images that were finished.</summary>
    public bool IsPartial => Document.TryGetProperty("partial", out JsonElement partial) && partial.ValueKind == JsonValueKind.True;

    /// <summary>Which generation of the job has written it, from 1: each retry is a new one.</summary>
    public int Generation => Document.TryGetProperty("generation", out JsonElement generation) && generation.TryGetInt32(out int number) ? number : 1;

    /// <summary>The whole document: the model's hash, every parameter, versions.</summary>
    public JsonElement Document { get; }

    /// <exception cref="InvalidDataException">It is no manifest, or names something outside the result.</exception>
    internal static ResultManifest Read(ReadOnlyMemory<byte> json, string name)
    {
        Content content;
        JsonElement document;
        try
        {
            document = JsonElement.Parse(json.Span);
            content = document.Deserialize<Content>(Options) ?? throw new InvalidDataException($"{name} is 'null'; expected a manifest.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{name} is no manifest: {exception.Message}", exception);
        }
        ResultFile[] files = [.. (content.Files ?? throw new InvalidDataException($"{name} has no 'files'; expected a manifest.")).OrderBy(file => file.Name, StringComparer.Ordinal)];
        if (files.FirstOrDefault(file => !IsBelow(file.Name)) is { } outside) throw new InvalidDataException($"{name} names the file '{outside.Name}'; expected a name below the result.");
        if (files.FirstOrDefault(file => !HasHashes(file)) is { } damaged)
            throw new InvalidDataException($"{name} has neither a hash for the file '{damaged.Name}' nor pieces with hashes that sum to its {damaged.Size} bytes; expected one of them.");
        return new ResultManifest(files, document);
    }

    private static bool HasHashes(ResultFile file) => file.Pieces is null
        ? file.Sha256 is not null
        : file.Pieces.All(piece => piece is { Size: >= 0, Sha256: not null }) && file.Pieces.Sum(piece => (decimal)piece.Size) == file.Size;

    // The names become paths where a result is downloaded to.
    private static bool IsBelow(string? name) =>
        !string.IsNullOrEmpty(name) && !name.Contains('\\', StringComparison.Ordinal) && !name.Any(char.IsControl)
        && name.Split('/').All(part => part is not ("" or "." or "..") && !part.Contains(':', StringComparison.Ordinal));

    private sealed record Content(IReadOnlyList<ResultFile>? Files);
}
