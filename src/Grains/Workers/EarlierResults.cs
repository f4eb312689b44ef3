using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Generations;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Workers;

/// <summary>What an earlier generation has of a shard's images: results are taken as they are, and what failed is done again as it is now.</summary>
internal sealed class EarlierResults(EarlierCommits earlier, IBlobStore store, ImageReader reader)
{
    /// <summary>A shard's images.</summary>
    /// <exception cref="IOException">The store failed.</exception>
    /// <exception cref="DocumentException">A commit record is damaged.</exception>
    public ShardImages ImagesOf(ShardRange shard, IReadOnlyList<ListedImage> images, CancellationToken cancellation)
    {
        // Nothing is known of images to which the earlier generation did not come.
        if (earlier.FindLeafAsync(shard.Id, cancellation).GetAwaiter().GetResult() is not { } record) return new ShardImages(images);
        IReadOnlyDictionary<string, EncodedImage> results = Read(record, images, cancellation);
        EncodedImage?[] kept = [.. images.Select(image => results.GetValueOrDefault(image.Name))];
        return new ShardImages([.. images.Select((image, i) => kept[i] is null ? reader.Renewed(image, cancellation) : image)], kept);
    }

    private IReadOnlyDictionary<string, EncodedImage> Read(CommitRecord record, IReadOnlyList<ListedImage> images, CancellationToken cancellation)
    {
        try
        {
            if (record.Done > 0) return WrittenParts.Read(store, record, images, cancellation);
        }
        catch (Exception exception) when (exception is BlobNotFoundException or BlobChangedException or DocumentException)
        {
            // What is gone or damaged is computed again.
        }
        return new Dictionary<string, EncodedImage>();
    }
}
