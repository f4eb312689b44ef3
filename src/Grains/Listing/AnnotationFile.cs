using MaskRcnn.Coco.Datasets;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Listing;

/// <summary>The ground truth of a job, from wherever it is.</summary>
internal static class AnnotationFile
{
    /// <summary>Reads it on the calling thread.</summary>
    /// <exception cref="Coco.Json.CocoFormatException">It is not a data set.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CocoDataset Read(Stores stores, string uri, CancellationToken stop)
    {
        (IBlobStore store, string name) = stores.OpenBlob(uri);
        return CocoReader.ReadDataset(BlobUri.WithoutSecrets(uri), () => store.OpenReadAsync(name, null, stop).GetAwaiter().GetResult(), stop);
    }
}
