using System.Diagnostics;
using MaskRcnn.Grains.Generations;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Results.Reduction;
using MaskRcnn.Grains.Telemetry;
using MaskRcnn.Storage.Local;

namespace MaskRcnn.Grains.Results;

/// <summary>Reduces a job on the calling thread.</summary>
internal sealed class ReductionRunner(TimeProvider time)
{
    /// <summary>See <see cref="Reducer.Run"/>.</summary>
    public void Run(JobContext job, JobState? endedEarly, IReadOnlyList<AttemptReport> failedAttempts, Action<double> progress, CancellationToken stop)
    {
        using Activity? trace = JobTrace.Step("reduction", job.Document);
        long start = Stopwatch.GetTimestamp();
        bool isDone = false;
        try
        {
            Reducer.Run(
                new ReductionRequest
                {
                    Store = job.Store,
                    Commits = job.Commits,
                    Generation = job.Generation,
                    EarlierSegments = job.EarlierSegments,
                    Job = job.Document,
                    EndedEarly = endedEarly,
                    FailedAttempts = failedAttempts,
                    Clock = time,
                    Progress = p => progress(p.Total == 0 ? 1 : (double)p.Bytes / p.Total),
                },
                stop);
            if (job.Generation > 1) CurrentResult.MoveAsync(job.Folder, job.Generation, endedEarly is not null, stop).GetAwaiter().GetResult();
            isDone = true;
        }
        finally
        {
            CoordinatorMetrics.Reduced(Stopwatch.GetElapsedTime(start), isDone);
            if (!isDone) trace?.SetStatus(ActivityStatusCode.Error);
        }
        // What killed processes have left of writes that nobody sees.
        if (job.Folder is not LocalBlobStore folder) return;
        folder.Sweep();
        folder.RemoveEmptyFolders();
    }
}
