namespace MaskRcnn.Grains.Jobs;

/// <summary>Where a job stands.</summary>
[GenerateSerializer, Alias("maskrcnn.job-state")]
public enum JobState
{
    /// <summary>It is written down; nothing has begun.</summary>
    Created,

    /// <summary>The collection is being listed; work on what is listed has begun.</summary>
    Listing,

    /// <summary>Everything is listed, and work goes on.</summary>
    Running,

    /// <summary>No new shards are handed out until it is resumed.</summary>
    Paused,

    /// <summary>Every shard is committed; the result is being written.</summary>
    Reducing,

    /// <summary>Every image has a result.</summary>
    Succeeded,

    /// <summary>The result is whole, but some images are errors.</summary>
    CompletedWithErrors,

    /// <summary>It ended without a result; the reason is given.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}

/// <summary>Questions about states.</summary>
public static class JobStates
{
    /// <summary>Whether a job in this state never changes again.</summary>
    public static bool IsFinal(this JobState state) => state >= JobState.Succeeded;
}
