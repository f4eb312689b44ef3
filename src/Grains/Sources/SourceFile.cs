using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Sources;

/// <summary>One version of the file that names or holds a job's images.</summary>
/// <param name="Store">Where it is.</param>
/// <param name="Blob">Its name, size and version.</param>
/// <param name="Shown">What errors call it; without secrets.</param>
internal sealed record SourceFile(IBlobStore Store, BlobInfo Blob, string Shown)
{
    /// <summary>Opens it from its start.</summary>
    public Stream Open(CancellationToken stop) => Store.OpenReadAsync(Blob.Name, new BlobReadOptions { IfMatch = Blob.ETag }, stop).GetAwaiter().GetResult();

    /// <summary>Reads a part of it.</summary>
    public byte[] Read(long offset, int length, CancellationToken stop) =>
        Store.ReadAsync(Blob.Name, new BlobReadOptions { IfMatch = Blob.ETag, Offset = offset, Length = length }, stop).GetAwaiter().GetResult().Data;
}
