using System.Collections.Immutable;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>
/// The layout of a part: a record block for each class, a block of instance metrics, and a footer that says where
/// they are. All numbers are little-endian.
/// </summary>
/// <remarks>
/// <code>
/// block of class k   records by (score descending, image, rank): score f64, image varint (index into the footer's
///                    images), rank varint, outcomes (<see cref="OutcomeCodec"/>)
/// instance block     for each image in order and each threshold: true positives, false positives, false negatives
/// footer             version, parameters, category ids, image ids (ascending, as differences),
///                    for each class: objects in each area range, records, length and hash of its block;
///                    length and hash of the instance block
/// end                length of the footer u64, its hash u64, magic
/// </code>
/// The footer comes last so that merging can stream. Hashes are XXH3.
/// </remarks>
internal static class PartFormat
{
    /// <summary>Raise it whenever the layout or the meaning of a byte changes.</summary>
    public const int Version = 1;

    public const int EndLength = 24;

    public static ReadOnlySpan<byte> Magic => "COCOpart"u8;

    public static void WriteParameters(ByteWriter writer, EvaluationParameters parameters)
    {
        writer.Byte((byte)parameters.IouType);
        WriteDoubles(writer, parameters.IouThresholds);
        WriteDoubles(writer, parameters.RecallThresholds);
        writer.Varint((ulong)parameters.MaxDetections.Length);
        foreach (int limit in parameters.MaxDetections) writer.Varint((ulong)limit);
        writer.Varint((ulong)parameters.AreaRanges.Length);
        foreach (AreaRange range in parameters.AreaRanges)
        {
            writer.Text(range.Name);
            writer.Double(range.Low);
            writer.Double(range.High);
        }
        writer.Byte(parameters.ClassAgnostic ? (byte)1 : (byte)0);
        WriteDoubles(writer, parameters.Sigmas);
        writer.Byte(parameters.FixKnownTraps ? (byte)1 : (byte)0);
        writer.Byte(parameters.InstanceScoreThreshold is null ? (byte)0 : (byte)1);
        if (parameters.InstanceScoreThreshold is { } score) writer.Double(score);
    }

    public static EvaluationParameters ReadParameters(ref ByteReader reader)
    {
        int iouType = reader.Byte();
        if (!Enum.IsDefined((IouType)iouType)) throw new InvalidDataException($"IoU type {iouType} is unknown.");
        ImmutableArray<double> iouThresholds = ReadDoubles(ref reader);
        ImmutableArray<double> recallThresholds = ReadDoubles(ref reader);
        var limits = new int[reader.Count(1)];
        for (int i = 0; i < limits.Length; i++) limits[i] = reader.Int32();
        var ranges = new AreaRange[reader.Count(17)];
        for (int i = 0; i < ranges.Length; i++) ranges[i] = new AreaRange(reader.Text(), reader.Double(), reader.Double());
        EvaluationParameters parameters = EvaluationParameters.Default((IouType)iouType) with
        {
            IouThresholds = iouThresholds,
            RecallThresholds = recallThresholds,
            MaxDetections = [.. limits],
            AreaRanges = [.. ranges],
            ClassAgnostic = reader.Byte() == 1,
            Sigmas = ReadDoubles(ref reader),
            FixKnownTraps = reader.Byte() == 1,
            InstanceScoreThreshold = reader.Byte() == 1 ? reader.Double() : null,
        };
        if (parameters.Validate() is { Count: > 0 } problems) throw new InvalidDataException(string.Join("; ", problems));
        return parameters;
    }

    private static void WriteDoubles(ByteWriter writer, ImmutableArray<double> values)
    {
        writer.Varint((ulong)values.Length);
        foreach (double value in values) writer.Double(value);
    }

    private static ImmutableArray<double> ReadDoubles(ref ByteReader reader)
    {
        var values = new double[reader.Count(8)];
        for (int i = 0; i < values.Length; i++) values[i] = reader.Double();
        return [.. values];
    }
}
