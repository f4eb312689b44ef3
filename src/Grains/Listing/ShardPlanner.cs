using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Listing;

/// <summary>Cuts segments into shards.</summary>
public static class ShardPlanner
{
    /// <summary>The last page, of a small collection the only one, is cut finer, so that several workers share it and its progress is seen.</summary>
    private const int ShardsOfLastPage = 16;

    /// <summary>Where shards of the last page are cut.</summary>
    /// <param name="images">Images of that page.</param>
    /// <param name="size">Where those of other pages are.</param>
    public static ShardSize ForLastPage(int images, ShardSize size)
    {
        ArgumentNullException.ThrowIfNull(size);
        int most = (images + ShardsOfLastPage - 1) / ShardsOfLastPage;
        return size.IsGiven || most >= size.Images ? size : size with { Images = Math.Max(1, most) };
    }

    /// <summary>Cuts from the start: a shard ends where the next image would be too much. The same images give the same cuts.</summary>
    /// <param name="page">The images of a segment; no shard crosses its end.</param>
    /// <param name="size">Most images and bytes of a shard. An image that is larger has a shard for itself.</param>
    /// <returns>Images of each shard, in order.</returns>
    public static IReadOnlyList<int> Cut(IReadOnlyList<ListedImage> page, ShardSize size)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(size);
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Images, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Bytes, 1, nameof(size));
        List<int> counts = [];
        int count = 0;
        long bytes = 0;
        foreach (ListedImage image in page)
        {
            // Only a shard's first image can be larger than a shard; the difference is then negative, and nothing joins it.
            if (count > 0 && (count == size.Images || image.Size > size.Bytes - bytes))
            {
                counts.Add(count);
                (count, bytes) = (0, 0);
            }
            count++;
            bytes += image.Size;
        }
        if (count > 0) counts.Add(count);
        return counts;
    }
}
