using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Results.Reduction;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Results;

/// <summary>Runs a reduction on a thread of its own.</summary>
[RequireSiloRole(SiloRoles.Coordinator)]
internal sealed partial class ReducerGrain(JobDirectory jobs, ReductionRunner reductions, ILogger<ReducerGrain> logger) : Grain, IReducerGrain
{
    private BackgroundThread? _thread;
    private double _progress;

    public async Task<ReductionStatus> Poll(IReadOnlyList<AttemptReport> failedAttempts)
    {
        // Stopped, as the job was ended: what is polled now is the reduction of what is finished.
        if (_thread is { IsStopping: true, End.IsCompleted: true }) _thread = null;
        if (_thread is null)
        {
            string id = this.GetPrimaryKeyString();
            JobContext job = await jobs.OpenAsync(id);
            // A job that has ended is reduced when its work was not done.
            JobState? end = (await job.Store.FindDocumentAsync<EndDocument>(JobLayout.End, CancellationToken.None))?.State;
            JobState? endedEarly = end is JobState.Cancelled or JobState.Failed ? end : null;
            _thread = new BackgroundThread("reducer", stop => reductions.Run(job, endedEarly, failedAttempts, progress => Volatile.Write(ref _progress, progress), stop));
            GrainFactory.TellJobAfter(_thread.End, id);
        }
        if (!_thread.End.IsCompleted) return new ReductionStatus(Volatile.Read(ref _progress), false, null);
        if (_thread.End.IsCompletedSuccessfully) return new ReductionStatus(1, true, null);
        Exception error = _thread.End.Exception!.InnerException!;
        LogFailed(this.GetPrimaryKeyString(), error);
        _thread = null;
        return new ReductionStatus(0, false, error.Message, error is ReductionException);
    }

    public Task Stop()
    {
        _thread?.Stop();
        // One that is still stopping is waited for by whoever asks next.
        if (_thread is null or { End.IsCompleted: true }) DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _thread?.Stop();
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job}: writing the result failed; it is tried again")]
    private partial void LogFailed(string job, Exception exception);
}
