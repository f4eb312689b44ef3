using MaskRcnn.Coco.Evaluation.Instances;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>Parts that belong together, their images numbered as one.</summary>
internal sealed class PartSet
{
    /// <summary>Memory for reading all parts at once: about what stays in a processor's cache.</summary>
    private const int BufferBudget = 2 << 20;

    private readonly IReadOnlyList<EvaluationPart> _parts;
    private readonly int[][] _imageNumbers;

    /// <exception cref="EvaluationPartException">Parameters or categories differ, or parts share an image.</exception>
    public PartSet(IReadOnlyList<EvaluationPart> parts)
    {
        if (parts.Count == 0) throw new EvaluationPartException("No parts; expected at least one.");
        _parts = parts;
        foreach (EvaluationPart part in parts.Skip(1)) CheckSame(parts[0], part);
        ImageCount = checked((int)parts.Sum(p => (long)p.Images.Length));
        _imageNumbers = NumberImages(parts);
        ObjectCounts = [.. Enumerable.Range(0, parts[0].Classes.Length).Select(SumObjects)];
    }

    public EvaluationParameters Parameters => _parts[0].Parameters;

    public IReadOnlyList<long> CategoryIds => _parts[0].CategoryIds;

    public int ClassCount => _parts[0].Classes.Length;

    public int ImageCount { get; }

    /// <summary>Objects that count: class by class, one number an area range.</summary>
    public long[][] ObjectCounts { get; }

    /// <summary>All images, ascending.</summary>
    public long[] ImageIds()
    {
        var ids = new long[ImageCount];
        foreach ((EvaluationPart part, int[] numbers) in _parts.Zip(_imageNumbers))
        {
            for (int i = 0; i < numbers.Length; i++) ids[numbers[i]] = part.Images[i];
        }
        return ids;
    }

    public long RecordCount(int index) => _parts.Sum(p => p.Classes[index].Records);

    /// <summary>All records of a class by descending score, then image, then rank.</summary>
    /// <param name="index">Index of the class.</param>
    /// <param name="readers">How many classes are read at a time, which share the memory.</param>
    public RecordMerge Records(int index, int readers)
    {
        int sources = _parts.Count(p => p.Classes[index].Records > 0);
        int buffer = Math.Clamp(BufferBudget / Math.Max(1, sources * readers), 1 << 12, 1 << 18);
        return new RecordMerge([.. _parts.Index().Where(x => x.Item.Classes[index].Records > 0)
            .Select(x => new RecordReader(x.Item, index, _imageNumbers[x.Index], buffer))]);
    }

    /// <summary>For each image in order, its part's instance metrics and where they start: read by <see cref="InstanceCodec"/>.</summary>
    public IEnumerable<ArraySegment<byte>> InstanceBlocks()
    {
        byte[][] blocks = [.. _parts.Select(p => p.ReadInstances())];
        var positions = new int[_parts.Count];
        var owner = new int[ImageCount];
        for (int p = 0; p < _parts.Count; p++)
        {
            foreach (int image in _imageNumbers[p]) owner[image] = p;
        }
        foreach (int p in owner)
        {
            int length = InstanceLength(blocks[p].AsSpan(positions[p]), _parts[p]);
            yield return new ArraySegment<byte>(blocks[p], positions[p], length);
            positions[p] += length;
        }
    }

    private static int InstanceLength(ReadOnlySpan<byte> bytes, EvaluationPart part)
    {
        int numbers = 3 * InstanceCounts.Thresholds.Length;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80 && --numbers == 0) return i + 1;
        }
        throw part.Damaged("the instance metrics");
    }

    private long[] SumObjects(int index)
    {
        var sum = new long[Parameters.AreaRanges.Length];
        foreach (EvaluationPart part in _parts)
        {
            for (int a = 0; a < sum.Length; a++) sum[a] += part.Classes[index].ObjectCounts[a];
        }
        return sum;
    }

    private static void CheckSame(EvaluationPart first, EvaluationPart other)
    {
        if (!first.Parameters.Equals(other.Parameters))
            throw new EvaluationPartException($"{other.Name} was evaluated with other parameters than {first.Name}; expected parts of one evaluation.");
        if (!first.CategoryIds.SequenceEqual(other.CategoryIds))
            throw new EvaluationPartException($"{other.Name} was evaluated for other categories than {first.Name}; expected parts of one evaluation.");
    }

    /// <summary>For each part's images, which ascend, their numbers among the images of all.</summary>
    private static int[][] NumberImages(IReadOnlyList<EvaluationPart> parts)
    {
        int[][] numbers = [.. parts.Select(p => new int[p.Images.Length])];
        int next = 0;
        (long Id, int Part)? last = null;
        foreach ((long id, int part, int index) in Ascending(parts))
        {
            if (last?.Id == id)
                throw new EvaluationPartException($"Image {id} is in two parts ({parts[last.Value.Part].Name}, {parts[part].Name}); it would count twice. Leave one of them out.");
            last = (id, part);
            numbers[part][index] = next++;
        }
        return numbers;
    }

    /// <summary>The images of all parts by ascending id, then part.</summary>
    private static IEnumerable<(long Id, int Part, int Index)> Ascending(IReadOnlyList<EvaluationPart> parts)
    {
        var heads = new PriorityQueue<(int Part, int Index), (long Id, int Part)>(parts.Index().Where(x => x.Item.Images.Length > 0).Select(x => ((x.Index, 0), (x.Item.Images[0], x.Index))));
        while (heads.TryPeek(out (int Part, int Index) head, out (long Id, int Part) key))
        {
            yield return (key.Id, head.Part, head.Index);
            long[] images = parts[head.Part].Images;
            int next = head.Index + 1;
            // Shards are neighbours: mostly a part's images follow each other, and no other's come between.
            if (next < images.Length) heads.DequeueEnqueue((head.Part, next), (images[next], head.Part));
            else heads.Dequeue();
        }
    }
}
