using MaskRcnn.Grains.Generations;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Jobs;

/// <content>What a job's users call. The first generation's grain has the job's id, and hands on to that of the newest one.</content>
internal sealed partial class JobGrain
{
    private readonly Retention _retention = new(retention, time);

    /// <summary>Ends with the last of those that need parts to stay, or delete them.</summary>
    private Task _parts = Task.CompletedTask;
    private int _latest = 1;

    /// <summary>The grain that stands for the job now; null: this one.</summary>
    private IJobGrain? Later => _latest > _job.Generation ? GrainFactory.GetGrain<IJobGrain>(RunId.Of(_job.Document.Job, _latest)) : null;

    public Task<JobStatus> GetStatus(CancellationToken cancellation) => Later?.GetStatus(cancellation) ?? StatusAsync(cancellation);

    public Task<JobDescription> Describe(CancellationToken cancellation) => Later?.Describe(cancellation) ?? DescribeAsync(cancellation);

    public Task<OutputAddress> GetOutputAddress(CancellationToken cancellation) => Task.FromResult(new OutputAddress(_job.Addresses.Output));

    public Task<JobStatus> Pause(CancellationToken cancellation) => Later?.Pause(cancellation) ?? PauseAsync();

    public Task<JobStatus> Resume(CancellationToken cancellation) => Later?.Resume(cancellation) ?? ResumeAsync();

    public Task<JobStatus> Cancel(CancellationToken cancellation) => Later?.Cancel(cancellation) ?? CancelAsync();

    public async Task<JobStatus> Retry(bool onlyFailed, CancellationToken cancellation)
    {
        await WithPartsAsync(async () =>
        {
            JobContext newest = await NewestAsync();
            await RetryRules.CheckAsync(await GetStatus(cancellation), newest, onlyFailed, CancellationToken.None);
            _latest = await Generation.BeginAsync(newest, time.GetUtcNow(), CancellationToken.None);
            LogRetried(Id, _latest);
            return _latest;
        });
        return await GetStatus(cancellation);
    }

    public Task<TidyReport> Tidy() => WithPartsAsync(async () => await _retention.TidyAsync(await NewestAsync(), CancellationToken.None));

    /// <summary>One after the other: what needs that parts stay, and what deletes them.</summary>
    private async Task<T> WithPartsAsync<T>(Func<Task<T>> work)
    {
        Task before = _parts;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _parts = done.Task;
        await before;
        try
        {
            return await work();
        }
        finally
        {
            done.SetResult();
        }
    }

    private Task<JobContext> NewestAsync() => directory.OpenAsync(RunId.Of(_job.Document.Job, Math.Max(_latest, _job.Generation)), CancellationToken.None);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job}: what has no result is done again, as generation {Generation}")]
    private partial void LogRetried(string job, int generation);
}
