using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary><c>errors.jsonl</c>, and what the report says of it.</summary>
internal static class ErrorsFile
{
    /// <returns>The failures by cause, in ordinal order of the causes.</returns>
    public static IReadOnlyList<FailureGroup> Write(ResultStore results, PartReader reader, IReadOnlyList<Leaf> leaves)
    {
        var groups = new SortedDictionary<string, FailureGroup>(StringComparer.Ordinal);
        using ResultWriter file = results.Begin("errors.jsonl");
        using IEnumerator<(Leaf Leaf, ReadOnlyMemory<byte> Line)> lines = PartLines.Read(reader, leaves, PartKind.Errors).GetEnumerator();
        bool more = lines.MoveNext();
        foreach (Leaf leaf in leaves)
        {
            if (leaf.GivenUp is { } givenUp) Add(givenUp, DocumentJson.Write(givenUp));
            int count = leaf.GivenUp is null ? 0 : 1;
            for (; more && lines.Current.Leaf == leaf; more = lines.MoveNext(), count++) Add(Parse(leaf, lines.Current.Line), lines.Current.Line.Span);
            if (count != leaf.Failed)
                throw new ReductionException($"{leaf.Find(PartKind.Errors) switch { { } part => leaf.Blob(part), _ => $"Shard {leaf.Shard}" }} has {count} errors; the shard's commit record counts {leaf.Failed}.");
        }
        file.Complete();
        return [.. groups.Values];

        void Add(ImageError error, ReadOnlySpan<byte> line)
        {
            file.Stream.Write(line);
            file.Stream.Write("\n"u8);
            if (!groups.TryGetValue(error.Cause, out FailureGroup? group)) groups.Add(error.Cause, group = new FailureGroup(error.Cause));
            group.Add(error.Image);
        }
    }

    private static ImageError Parse(Leaf leaf, ReadOnlyMemory<byte> line)
    {
        try
        {
            return DocumentJson.Read<ImageError>(line.Span, leaf.Blob(leaf.Find(PartKind.Errors)!));
        }
        catch (DocumentException exception)
        {
            throw new ReductionException(exception.Message, exception);
        }
    }
}

/// <summary>Images that failed for one cause.</summary>
internal sealed class FailureGroup(string cause)
{
    private const int MostSamples = 5;

    private readonly List<string> _samples = [];

    public string Cause { get; } = cause;

    public long Count { get; private set; }

    /// <summary>The first of them in name order.</summary>
    public IReadOnlyList<string> Samples => _samples;

    public void Add(string image)
    {
        Count++;
        if (_samples.Count < MostSamples) _samples.Add(image);
    }
}
