using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results;

namespace MaskRcnn.Grains.Jobs;

/// <summary>The result of a job that ended before its work was done: of what is finished. For one grain's turns.</summary>
internal sealed class PartialResult(JobContext job, IReducerGrain reducer)
{
    private const int MostDamages = 3;

    private int _damages;

    /// <summary>Whether it is still to be written.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Why there is none yet, or none at all; null when there is nothing to say.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Looks whether there is something to do for a job that has ended.</summary>
    public async Task BeginAsync(EndDocument end, CancellationToken cancellation) =>
        IsPending = end.State is JobState.Cancelled or JobState.Failed && end.Images.Done + end.Images.Failed > 0 && await job.Store.FindAsync(JobLayout.Manifest, cancellation) is null;

    /// <summary>One step: begins to write it, or looks how far that is.</summary>
    public async Task AdvanceAsync()
    {
        if (!IsPending) return;
        ReductionStatus status = await reducer.Poll([]);
        Trouble = status.Error is { } error ? $"writing the result of what is finished: {error}" : null;
        // As with a whole result: what comes damaged again and again is damaged.
        _damages = status.IsPermanent ? _damages + 1 : status.Error is null ? _damages : 0;
        IsPending = !status.IsDone && _damages < MostDamages;
    }
}
