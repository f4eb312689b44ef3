using System.Globalization;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// <c>thumbnails/00000.tar</c> and so on. Packs are cut between images by count and bytes, wherever the shards are cut, so
/// that they are the same however a collection was split.
/// </summary>
internal sealed class ThumbnailPacks
{
    private readonly List<long> _starts = [];

    private ThumbnailPacks()
    {
    }

    /// <summary>Writes all packs.</summary>
    public static ThumbnailPacks Write(ResultStore results, PartReader reader, IReadOnlyList<Leaf> leaves, ThumbnailPackSize size)
    {
        var packs = new ThumbnailPacks();
        var entries = new TarEntries();
        ResultWriter? pack = null;
        (long position, long bytes, int images) = (0, 0, 0);
        try
        {
            foreach (PartBlock block in reader.Blocks(leaves, PartKind.Thumbnails))
            {
                ReadOnlyMemory<byte> rest = block.Data;
                while (rest.Length > 0)
                {
                    int taken = entries.Take(rest, block.Leaf.Blob(block.Part));
                    rest = rest[taken..];
                    if (entries.NewEntryBytes is { } length)
                    {
                        if (pack is not null && (images == size.Images || bytes + length > size.Bytes))
                        {
                            End(pack);
                            pack = null;
                        }
                        if (pack is null)
                        {
                            pack = results.Begin(string.Create(CultureInfo.InvariantCulture, $"thumbnails/{packs._starts.Count:D5}.tar"));
                            packs._starts.Add(position);
                            (bytes, images) = (0, 0);
                        }
                        bytes += length;
                        position += length;
                        images++;
                    }
                    entries.PassTo(pack?.Stream);
                }
                if (block.IsLast) entries.CheckEnd(block.Leaf.Blob(block.Part));
            }
            if (pack is not null) End(pack);
            pack = null;
            return packs;
        }
        finally
        {
            pack?.Dispose();
        }
    }

    /// <summary>Where a byte of all thumbnails, one after the other, is.</summary>
    public (int Pack, long Offset) Find(long position)
    {
        int index = _starts.BinarySearch(position);
        int pack = index >= 0 ? index : ~index - 1;
        return (pack, position - _starts[pack]);
    }

    private static void End(ResultWriter pack)
    {
        pack.Stream.Write(ConcatenatedFiles.TarEnd);
        pack.Complete();
        pack.Dispose();
    }
}

/// <summary>Most of a pack of thumbnails.</summary>
/// <param name="Images">Images.</param>
/// <param name="Bytes">Bytes, without the end of the archive.</param>
internal readonly record struct ThumbnailPackSize(int Images, long Bytes)
{
    /// <summary>8192 images or 256 MB.</summary>
    public static ThumbnailPackSize Default => new(8192, 256L << 20);
}
