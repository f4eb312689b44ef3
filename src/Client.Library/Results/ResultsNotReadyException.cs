using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Results;

/// <summary>The job has no result: it has not ended, or ended without one.</summary>
public sealed class ResultsNotReadyException : Exception
{
    /// <summary>A job without a result.</summary>
    /// <param name="job">The job's name, or the folder that was opened.</param>
    /// <param name="state">Where it stands; null when only its folder is known.</param>
    /// <param name="reason">Why, or null.</param>
    public ResultsNotReadyException(string job, JobState? state, string? reason = null)
        : base(Text(job, state, reason)) => (Job, State) = (job, state);

    /// <summary>The job's name, or the folder that was opened.</summary>
    public string Job { get; }

    /// <summary>Where it stands; null when only its folder is known.</summary>
    public JobState? State { get; }

    private static string Text(string job, JobState? state, string? reason) => state switch
    {
        null => $"{job.TrimEnd('/')} holds no manifest.json; it is written last, so the job has not ended, or ended without a result.",
        JobState.Failed or JobState.Cancelled => $"Job '{job}' ended as {state} and has no result, or that of what was finished is still being written{(reason is null ? "." : $": {reason}")}",
        _ => $"Job '{job}' is {state}; its result is there when it has ended. 'maskrcnn job watch {job}' waits for that.",
    };
}
