using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Results.Reduction;
using MaskRcnn.Storage.Local;

namespace MaskRcnn.Grains.Results;

/// <summary>Reduces a job on the calling thread.</summary>
internal sealed class ReductionRunner(TimeProvider time)
{
    /// <summary>See <see cref="Reducer.Run"/>.</summary>
    public void Run(JobContext job, IReadOnlyList<AttemptReport> failedAttempts, Action<double> progress, CancellationToken stop)
    {
        Reducer.Run(
            new ReductionRequest
            {
                Store = job.Store,
                Job = job.Document,
                FailedAttempts = failedAttempts,
                Clock = time,
                Progress = p => progress(p.Total == 0 ? 1 : (double)p.Bytes / p.Total),
            },
            stop);
        // What killed processes have left of writes that nobody sees.
        if (job.Store is not LocalBlobStore folder) return;
        folder.Sweep();
        folder.RemoveEmptyFolders();
    }
}
