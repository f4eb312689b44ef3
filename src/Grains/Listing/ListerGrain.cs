using System.Diagnostics;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Listing;

/// <summary>Runs a <see cref="CollectionLister"/> on a thread of its own.</summary>
[RequireSiloRole(SiloRoles.Coordinator)]
internal sealed partial class ListerGrain(JobDirectory jobs, Stores stores, TimeProvider time, ILogger<ListerGrain> logger) : Grain, IListerGrain
{
    private readonly ListingTrouble _trouble = new(time);
    private CollectionLister? _lister;
    private BackgroundThread? _thread;

    public async Task<ListingStatus> Poll(int fromSegment)
    {
        string job = this.GetPrimaryKeyString();
        if (_thread is null)
        {
            IGrainFactory grains = GrainFactory;
            JobContext context = await jobs.OpenAsync(job);
            var lister = new CollectionLister(context, stores, workCanBegin: () => grains.TellJob(job));
            (_lister, _thread) = (lister, new BackgroundThread("lister", stop =>
            {
                using Activity? trace = JobTrace.Step("listing", context.Document);
                lister.Run(stop);
            }, givesWay: true));
            grains.TellJobAfter(_thread.End, job);
        }
        (IReadOnlyList<SegmentHeader> segments, bool isDone) = _lister!.Since(fromSegment);
        if (isDone || !_thread.End.IsFaulted) return new ListingStatus(segments, isDone, null, false);
        Exception error = _thread.End.Exception!.InnerException!;
        LogFailed(job, error);
        _thread = null;
        return new ListingStatus(segments, false, error.Message, _trouble.IsPermanent(error));
    }

    public Task Stop()
    {
        _thread?.Stop();
        // The job has ended; nobody asks any more.
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _thread?.Stop();
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job}: listing the collection failed; it is tried again if that may help")]
    private partial void LogFailed(string job, Exception exception);
}
