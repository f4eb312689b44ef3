using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Sources;

/// <summary>One version of the file that names or holds a job's images.</summary>
/// <param name="Store">Where it is.</param>
/// <param name="Blob">Its name, size and version.</param>
/// <param name="Shown">What errors call it; without secrets.</param>
internal sealed record SourceFile(IBlobStore Store, BlobInfo Blob, string Shown)
{
    /// <summary>Opens it from its start.</summary>
    /// <exception cref="SourceException">It is another version now.</exception>
    public Stream Open(CancellationToken stop) => Ask(() => Store.OpenReadAsync(Blob.Name, new BlobReadOptions { IfMatch = Blob.ETag }, stop).GetAwaiter().GetResult());

    /// <summary>Reads a part of it.</summary>
    /// <exception cref="SourceException">It is another version now.</exception>
    public byte[] Read(long offset, int length, CancellationToken stop) =>
        Ask(() => Store.ReadAsync(Blob.Name, new BlobReadOptions { IfMatch = Blob.ETag, Offset = offset, Length = length }, stop).GetAwaiter().GetResult().Data);

    private T Ask<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (BlobChangedException)
        {
            throw new SourceException(Shown, "it has changed since the job was submitted; expected it to stay as it was until the job has ended. Submit the job again.");
        }
    }
}
