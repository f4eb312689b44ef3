using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Workers;

/// <summary>Reads listed images: exactly the version that was listed. What may be a passing trouble is tried again.</summary>
/// <param name="collection">Where they are.</param>
/// <param name="time">The clock.</param>
/// <param name="mostBytes">Bytes of the largest.</param>
/// <param name="archive">The blob that holds them; null: each is a blob of its own name.</param>
internal sealed class ImageReader(IBlobStore collection, TimeProvider time, long mostBytes = long.MaxValue, string? archive = null)
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    /// <summary>An image that could not be had in the version that was listed, as it is now; one of an archive stays as it is.</summary>
    /// <exception cref="IOException">Its store cannot be asked.</exception>
    public ListedImage Renewed(ListedImage image, CancellationToken cancellation) =>
        archive is null && collection.FindAsync(image.Name, cancellation).GetAwaiter().GetResult() is { } found ? image with { Size = found.Size, ETag = found.ETag } : image;

    /// <summary>Reads an image on the calling thread.</summary>
    /// <exception cref="BlobException">It is gone, is another now, or cannot be read.</exception>
    /// <exception cref="ImageNotFoundException">It was not there when it was listed.</exception>
    /// <exception cref="LimitException">It is too large; nothing was read.</exception>
    public byte[] Read(ListedImage image, CancellationToken cancellation)
    {
        if (image.IsMissing) throw new ImageNotFoundException(image.Name);
        if (image.Size > mostBytes) throw new LimitException(image.Name, image.Size, "bytes", nameof(Limits.ImageBytes), mostBytes, "Cut it into tiles");
        string name = archive ?? image.Name;
        var part = new BlobReadOptions { IfMatch = image.ETag, Offset = image.Offset ?? 0, Length = image.Offset is null ? null : image.Size };
        for (int i = 0; ; i++)
        {
            try
            {
                byte[] data = collection.ReadAsync(name, part, cancellation).GetAwaiter().GetResult().Data;
                return data.LongLength == image.Size ? data : throw new BlobException(collection.Location, name, $"{data.LongLength} bytes came; expected {image.Size}.");
            }
            catch (Exception exception) when (i < Waits.Length && exception is IOException and not (BlobNotFoundException or BlobChangedException or BlobNameException or BlobOutsideException))
            {
                Task.Delay(Waits[i], time, cancellation).GetAwaiter().GetResult();
            }
        }
    }
}
