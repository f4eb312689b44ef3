using System.Collections.Immutable;
using System.IO.Hashing;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>
/// The evaluation of some images, opened for reading: what matching found, sorted, in a compact binary form. Parts
/// made anywhere merge, in any order and grouping, into the part that evaluating all their images at once gives.
/// </summary>
public sealed class EvaluationPart : IDisposable
{
    private EvaluationPart(PartData data, EvaluationParameters parameters, long[] categories, long[] imageIds, ClassBlock[] classes, (long Offset, long Length, ulong Hash) instances)
    {
        Data = data;
        Parameters = parameters;
        CategoryIds = [.. categories];
        Images = imageIds;
        Classes = classes;
        InstanceBlock = instances;
    }

    /// <summary>What the images were matched by.</summary>
    public EvaluationParameters Parameters { get; }

    /// <summary>The evaluated categories, ascending.</summary>
    public ImmutableArray<long> CategoryIds { get; }

    /// <summary>The part's images, ascending, those without objects and detections too.</summary>
    public IReadOnlyList<long> ImageIds => Images;

    /// <summary>Detections in the part.</summary>
    public long DetectionCount => Classes.Sum(c => c.Records);

    /// <summary>Bytes of the part.</summary>
    public long Length => Data.Length;

    internal PartData Data { get; }

    internal long[] Images { get; }

    internal ClassBlock[] Classes { get; }

    internal (long Offset, long Length, ulong Hash) InstanceBlock { get; }

    internal string Name => Data.Name;

    /// <summary>Opens a part. Only the footer is read now; each block is checked when it is read.</summary>
    /// <param name="data">The bytes; disposed of with the part.</param>
    /// <exception cref="EvaluationPartException">The part is cut short, damaged, or of another version.</exception>
    public static EvaluationPart Open(PartData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        try
        {
            return ReadFooter(data);
        }
        catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException)
        {
            throw new EvaluationPartException($"{data.Name}: the footer is damaged. {exception.Message} Make the part again.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Data.Dispose();

    /// <summary>The instance block, checked.</summary>
    internal byte[] ReadInstances()
    {
        var bytes = new byte[InstanceBlock.Length];
        Data.Read(InstanceBlock.Offset, bytes);
        return XxHash3.HashToUInt64(bytes) == InstanceBlock.Hash ? bytes : throw Damaged("the instance metrics");
    }

    internal EvaluationPartException Damaged(string what) => new($"{Name}: {what} are damaged (the hash differs). Make the part again.");

    private static EvaluationPart ReadFooter(PartData data)
    {
        Span<byte> end = stackalloc byte[PartFormat.EndLength];
        if (data.Length < end.Length) throw new InvalidDataException($"It has {data.Length} bytes; expected at least {end.Length}.");
        data.Read(data.Length - end.Length, end);
        if (!end[16..].SequenceEqual(PartFormat.Magic)) throw new InvalidDataException("It does not end as an evaluation part does; it is cut short or another kind of file.");
        var endReader = new ByteReader(end);
        ulong length = endReader.UInt64(), hash = endReader.UInt64();
        if (length > (ulong)(data.Length - end.Length) || length > (ulong)Array.MaxLength) throw new InvalidDataException($"Its footer claims {length} bytes.");
        long footerStart = data.Length - end.Length - (long)length;
        var footer = new byte[length];
        data.Read(footerStart, footer);
        if (XxHash3.HashToUInt64(footer) != hash) throw new InvalidDataException("Its hash differs.");

        var reader = new ByteReader(footer);
        ulong version = reader.Varint();
        if (version != PartFormat.Version)
            throw new EvaluationPartException($"{data.Name}: the part has version {version}; this program reads version {PartFormat.Version}. Make the part again with this program.");
        EvaluationParameters parameters = PartFormat.ReadParameters(ref reader);
        long[] categories = ReadIds(ref reader);
        long[] imageIds = ReadIds(ref reader);
        var classes = new ClassBlock[parameters.ClassAgnostic ? 1 : categories.Length];
        long offset = 0;
        for (int c = 0; c < classes.Length; c++)
        {
            var objectCounts = new long[parameters.AreaRanges.Length];
            for (int a = 0; a < objectCounts.Length; a++) objectCounts[a] = (long)reader.Varint();
            classes[c] = new ClassBlock(objectCounts, (long)reader.Varint(), offset, (long)reader.Varint(), reader.UInt64());
            offset += classes[c].Length;
            if (classes[c].Length < 0 || offset > footerStart) throw new InvalidDataException("A block lies outside the part.");
        }
        var instances = (offset, (long)reader.Varint(), reader.UInt64());
        if (instances.Item2 < 0 || offset + instances.Item2 != footerStart) throw new InvalidDataException("The blocks do not fill the part.");
        return new EvaluationPart(data, parameters, categories, imageIds, classes, instances);
    }

    private static long[] ReadIds(ref ByteReader reader)
    {
        var ids = new long[reader.Count(1)];
        long previous = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            long id = unchecked(previous + reader.Signed());
            if (i > 0 && id <= previous) throw new InvalidDataException($"Id {id} follows {previous}; ids ascend.");
            ids[i] = previous = id;
        }
        return ids;
    }
}
