using MaskRcnn.Storage;

namespace MaskRcnn.Grains;

/// <summary>What a failed read or write says of a job.</summary>
internal static class StoreTrouble
{
    /// <summary>Whether the store may be itself again later: a job waits for that, however long it takes, and does not fail.</summary>
    public static bool MayPass(Exception exception) => exception is BlobException and not (BlobNotFoundException or BlobChangedException or BlobSizeException or BlobNameException or BlobOutsideException or BlobRefusedException);
}
