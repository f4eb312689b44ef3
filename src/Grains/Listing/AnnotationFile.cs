using MaskRcnn.Coco.Datasets;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Listing;

/// <summary>The ground truth of a job, from wherever it is.</summary>
internal static class AnnotationFile
{
    /// <summary>Reads it on the calling thread.</summary>
    /// <exception cref="Coco.Json.CocoFormatException">It is not a data set.</exception>
    /// <exception cref="LimitException">It is too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CocoDataset Read(Stores stores, string uri, CancellationToken stop)
    {
        (IBlobStore store, string name) = stores.OpenBlob(uri);
        string shown = BlobUri.WithoutSecrets(uri);
        BlobInfo blob = store.FindAsync(name, stop).GetAwaiter().GetResult() ?? throw new BlobNotFoundException(store.Location, name);
        if (blob.Size > stores.Limits.AnnotationBytes)
            throw new LimitException(shown, blob.Size, "bytes", nameof(Limits.AnnotationBytes), stores.Limits.AnnotationBytes, "Split the collection into jobs ('maskrcnn coco split')");
        // Exactly what was measured, also when it is read again to find an error's line.
        var version = new BlobReadOptions { IfMatch = blob.ETag };
        return CocoReader.ReadDataset(shown, () => store.OpenReadAsync(name, version, stop).GetAwaiter().GetResult(), stop);
    }
}
