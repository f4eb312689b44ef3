namespace MaskRcnn.Grains.Jobs;

/// <summary>Tells a job that there is something to see, so that it need not wait for its timer. May be lost.</summary>
internal static class JobNews
{
    /// <summary>Tells it now; for any thread.</summary>
    public static void TellJob(this IGrainFactory grains, string job) => grains.GetGrain<IJobCoordinatorGrain>(job).Wake().Ignore();

    /// <summary>Tells it when some work has come to its end, a good or a bad one.</summary>
    public static void TellJobAfter(this IGrainFactory grains, Task end, string job) =>
        end.ContinueWith(_ => grains.TellJob(job), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
