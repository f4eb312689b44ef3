using MaskRcnn.Grains.Results.Tar;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>The files that are the shards' parts, one after the other.</summary>
internal static class ConcatenatedFiles
{
    /// <summary>What ends a tar archive.</summary>
    public static ReadOnlySpan<byte> TarEnd => new byte[TarHeader.EndSize];

    /// <summary><c>masks.tar</c>.</summary>
    public static void WriteMasks(ResultStore results, PartReader reader, IReadOnlyList<Leaf> leaves)
    {
        foreach (Leaf leaf in leaves)
        {
            if (leaf.Find(PartKind.Masks) is { } part && part.Size % TarHeader.BlockSize != 0)
                throw new ReductionException($"{leaf.Blob(part)} has {part.Size} bytes; expected a multiple of {TarHeader.BlockSize}, as tar entries have.");
        }
        using ResultWriter file = results.Begin("masks.tar");
        foreach (PartBlock block in reader.Blocks(leaves, PartKind.Masks)) file.Stream.Write(block.Data);
        file.Stream.Write(TarEnd);
        file.Complete();
    }

    /// <summary><c>detections.json</c>, as <c>maskrcnn predict</c> writes its results.</summary>
    public static void WriteDetections(ResultStore results, PartReader reader, IReadOnlyList<Leaf> leaves)
    {
        using ResultWriter file = results.Begin("detections.json");
        file.Stream.Write("["u8);
        bool first = true;
        foreach (PartBlock block in reader.Blocks(leaves, PartKind.Detections))
        {
            if (block.Offset == 0) file.Stream.Write(first ? "\n"u8 : ",\n"u8);
            file.Stream.Write(block.Data);
            first = false;
        }
        file.Stream.Write("\n]\n"u8);
        file.Complete();
    }
}
