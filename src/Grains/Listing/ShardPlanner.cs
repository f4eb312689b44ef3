using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Listing;

/// <summary>Cuts segments into shards.</summary>
public static class ShardPlanner
{
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
