using MaskRcnn.Coco.Json;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Listing;

/// <summary>Which failures of a listing fail the job: those that will not be well.</summary>
/// <param name="time">The clock.</param>
internal sealed class ListingTrouble(TimeProvider time)
{
    /// <summary>How long a listing may fail for want of rights, which somebody may be giving just now, or for no known reason.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private long? _since;

    /// <summary>The listing has failed.</summary>
    /// <returns>Whether that is the job's end. A store that is away is waited for, however long.</returns>
    public bool IsPermanent(Exception error)
    {
        if (error is BlobNotFoundException or CocoFormatException or ArgumentException) return true;
        if (StoreTrouble.MayPass(error))
        {
            _since = null;
            return false;
        }
        _since ??= time.GetTimestamp();
        return time.GetElapsedTime(_since.Value) > Longest;
    }
}
