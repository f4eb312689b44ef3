using MaskRcnn.Coco.Evaluation.Instances;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>An image's instance metrics, at each threshold three small numbers.</summary>
internal static class InstanceCodec
{
    public static void Write(ByteWriter writer, InstanceCounts counts)
    {
        for (int t = 0; t < InstanceCounts.Thresholds.Length; t++)
        {
            writer.Varint((ulong)counts.TruePositives[t]);
            writer.Varint((ulong)counts.FalsePositives[t]);
            writer.Varint((ulong)counts.FalseNegatives[t]);
        }
    }

    public static void Read(ref ByteReader reader, InstanceCounts counts)
    {
        for (int t = 0; t < InstanceCounts.Thresholds.Length; t++)
        {
            counts.TruePositives[t] = reader.Int32();
            counts.FalsePositives[t] = reader.Int32();
            counts.FalseNegatives[t] = reader.Int32();
        }
    }
}
