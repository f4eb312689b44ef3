using MaskRcnn.Grains.Listing;

namespace MaskRcnn.Grains.Jobs;

/// <summary>What a job's grain keeps: a cache.</summary>
[GenerateSerializer, Alias("maskrcnn.job-memory")]
public sealed class JobMemory
{
    /// <summary>Whether its user has paused it; <c>pause.json</c> decides.</summary>
    [Id(0)] public bool IsPaused { get; set; }

    /// <summary>The segments that are listed.</summary>
    [Id(1)] public List<SegmentHeader> Segments { get; set; } = [];

    /// <summary>Whether there will be no more.</summary>
    [Id(2)] public bool ListingDone { get; set; }

    /// <summary>How the images stood when it was last written: so that what is done never falls.</summary>
    [Id(3)] public ImageCounts Counts { get; set; }
}
