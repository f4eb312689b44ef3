using MaskRcnn.Grains.Results.Tar;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// The files that are the shards' parts, one after the other. Where the store composes on its server no byte of them comes
/// here; elsewhere they are read, checked and written.
/// </summary>
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
        if (results.Composes)
        {
            Compose(results, reader, leaves, "masks.tar", PartKind.Masks, [], null, TarEnd.ToArray());
            return;
        }
        using ResultWriter file = results.Begin("masks.tar");
        foreach (PartBlock block in reader.Blocks(leaves, PartKind.Masks)) file.Stream.Write(block.Data);
        file.Stream.Write(TarEnd);
        file.Complete();
    }

    /// <summary><c>detections.json</c>, as <c>maskrcnn predict</c> writes its results. Each part begins with its comma, which the first has no use for.</summary>
    public static void WriteDetections(ResultStore results, PartReader reader, IReadOnlyList<Leaf> leaves)
    {
        if (results.Composes)
        {
            Compose(results, reader, leaves, "detections.json", PartKind.Detections, "["u8.ToArray(), ",", "\n]\n"u8.ToArray());
            return;
        }
        using ResultWriter file = results.Begin("detections.json");
        file.Stream.Write("["u8);
        bool first = true;
        foreach (PartBlock block in reader.Blocks(leaves, PartKind.Detections))
        {
            if (block.Offset == 0 && block.Data is not [(byte)',', (byte)'\n', ..])
                throw new ReductionException($"{block.Leaf.Blob(block.Part)} does not begin with a comma and a line's end; expected those before every detection.");
            file.Stream.Write(block.Data.AsSpan(first ? 1 : 0));
            first = false;
        }
        file.Stream.Write("\n]\n"u8);
        file.Complete();
    }

    private static void Compose(ResultStore results, PartReader reader, IReadOnlyList<Leaf> leaves, string name, PartKind kind, byte[] head, string? cut, byte[] tail)
    {
        List<(BlobPiece Blob, ResultPiece Piece)> pieces = [];
        if (head.Length > 0) pieces.Add(ResultPiece.Of(head));
        foreach (Leaf leaf in leaves)
        {
            if (leaf.Find(kind) is not { } part) continue;
            pieces.Add(ResultPiece.Of(leaf, part, cut));
            cut = null;
        }
        pieces.Add(ResultPiece.Of(tail));
        results.Compose(name, pieces);
        reader.Passed(leaves.Sum(leaf => leaf.Find(kind)?.Size ?? 0));
    }
}
