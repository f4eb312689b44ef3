using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Workers;

/// <summary>Reads listed images: exactly the version that was listed. What may be a passing trouble is tried again.</summary>
internal sealed class ImageReader(IBlobStore collection, TimeProvider time, long mostBytes = long.MaxValue)
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    /// <summary>Reads an image on the calling thread.</summary>
    /// <exception cref="BlobException">It is gone, is another now, or cannot be read.</exception>
    /// <exception cref="LimitException">It is too large; nothing was read.</exception>
    public byte[] Read(ListedImage image, CancellationToken cancellation)
    {
        if (image.Size > mostBytes) throw new LimitException(image.Name, image.Size, "bytes", nameof(Limits.ImageBytes), mostBytes, "Cut it into tiles");
        for (int i = 0; ; i++)
        {
            try
            {
                byte[] data = collection.ReadAsync(image.Name, new BlobReadOptions { IfMatch = image.ETag }, cancellation).GetAwaiter().GetResult().Data;
                return data.LongLength == image.Size ? data : throw new BlobException(collection.Location, image.Name, $"{data.LongLength} bytes came; expected {image.Size}.");
            }
            catch (Exception exception) when (i < Waits.Length && exception is IOException and not (BlobNotFoundException or BlobChangedException or BlobNameException or BlobOutsideException))
            {
                Task.Delay(Waits[i], time, cancellation).GetAwaiter().GetResult();
            }
        }
    }
}
