using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Generations;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace MaskRcnn.Grains.Jobs;

/// <summary>All jobs: a cache of the pointers below the state root.</summary>
[RequireSiloRole(SiloRoles.Coordinator)]
[Reentrant]
[KeepAlive]
internal sealed partial class JobIndexGrain(IBlobStore state, Submission submission, Recovery recovery, JobDirectory directory, RetentionOptions retention, TimeProvider time, ILogger<JobIndexGrain> logger) : Grain, IJobIndexGrain, IJobIndexCoordinatorGrain
{
    private const int MostAtOnce = 32;

    private static readonly TimeSpan TidyAgain = TimeSpan.FromMinutes(10);

    /// <summary>By id, which sorts by time.</summary>
    private readonly SortedDictionary<string, PointerDocument> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    /// <summary>When something is to be done after an ended job.</summary>
    private readonly Dictionary<string, DateTimeOffset> _due = new(StringComparer.Ordinal);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await foreach (BlobPage page in state.ListAsync("jobs/", null, 1000, cancellationToken))
        {
            foreach (BlobInfo blob in page.Blobs)
            {
                PointerDocument pointer = await state.ReadDocumentAsync<PointerDocument>(blob.Name, cancellationToken);
                _jobs[pointer.Job] = pointer;
            }
        }
    }

    public async Task<SubmitReceipt> Submit(JobSpecification specification, CancellationToken cancellation)
    {
        specification = specification.Completed();
        bool gpu = await HasGpuAsync(cancellation);
        JobDraft draft = await Task.Factory.StartNew(() => submission.Draft(specification, gpu, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        SubmitReceipt receipt = await submission.WriteAsync(specification, draft, cancellation);
        _jobs[receipt.Job] = new PointerDocument(receipt.Job, receipt.Name, receipt.Output, receipt.Created);
        LogSubmitted(receipt.Job, receipt.Name, receipt.Output);
        await WakeAsync(receipt.Job);
        return receipt;
    }

    public async Task<SubmitReceipt> Recover(JobRecovery request, CancellationToken cancellation)
    {
        SubmitReceipt receipt = await recovery.RunAsync(request, cancellation);
        if (!receipt.Existed || !_jobs.ContainsKey(receipt.Job)) _jobs[receipt.Job] = new PointerDocument(receipt.Job, receipt.Name, receipt.Output, receipt.Created) { TakenIn = time.GetUtcNow() };
        _ended.Remove(receipt.Job);
        LogRecovered(receipt.Job, receipt.Name, receipt.Output);
        await WakeAsync(receipt.Job);
        return receipt;
    }

    public async Task<JobStatus> Retry(string job, bool onlyFailed, CancellationToken cancellation)
    {
        if (!_jobs.ContainsKey(job)) throw new JobNotFoundException(job);
        try
        {
            return await GrainFactory.GetGrain<IJobGrain>(job).Retry(onlyFailed, cancellation);
        }
        finally
        {
            // In any case: it may have begun. It is woken, and found to have ended if it has.
            _ended.Remove(job);
            _due.Remove(job);
        }
    }

    public async Task<string> Resolve(string jobOrName, CancellationToken cancellation)
    {
        if (_jobs.ContainsKey(jobOrName)) return jobOrName;
        return await state.FindDocumentAsync<NameDocument>(JobLayout.JobName(jobOrName), cancellation) is { } name && _jobs.ContainsKey(name.Job)
            ? name.Job
            : throw new JobNotFoundException(jobOrName);
    }

    public async Task<JobPage> List(JobFilter filter, CancellationToken cancellation)
    {
        IEnumerable<PointerDocument> matching = _jobs.Values.Reverse()
            .Where(job => filter.After is null || string.CompareOrdinal(job.Job, filter.After) < 0)
            .Where(job => filter.NameContains is null || job.Name.Contains(filter.NameContains, StringComparison.OrdinalIgnoreCase));
        List<JobStatus> page = [];
        int size = Math.Clamp(filter.PageSize, 1, 1000);
        foreach (PointerDocument[] some in matching.ToArray().Chunk(MostAtOnce))
        {
            foreach (JobStatus status in await Task.WhenAll(some.Select(job => GrainFactory.GetGrain<IJobGrain>(job.Job).GetStatus(cancellation))))
            {
                if (filter.States.Count > 0 && !filter.States.Contains(status.State)) continue;
                page.Add(status);
                if (page.Count > size) return new JobPage([.. page.Take(size)], page[size - 1].Job);
            }
        }
        return new JobPage(page, null);
    }

    public async Task Delete(string job, bool withOutput, CancellationToken cancellation)
    {
        if (!_jobs.TryGetValue(job, out PointerDocument? pointer)) throw new JobNotFoundException(job);
        JobStatus status = await GrainFactory.GetGrain<IJobGrain>(job).GetStatus(cancellation);
        if (!status.State.IsFinal()) throw new JobStateException(job, status.State, $"it can be deleted when it has ended. Cancel it first with 'maskrcnn job cancel {pointer.Name}'");
        if (withOutput)
        {
            IBlobStore folder = (await directory.OpenAsync(job, cancellation)).Folder;
            await new BackgroundThread("job's deletion", stop => JobOutput.Delete(folder, stop)).End.WaitAsync(cancellation);
        }
        await ForgetAsync(pointer, cancellation);
        LogDeleted(job, pointer.Name);
    }

    public async Task WakeAll()
    {
        foreach (string[] some in _jobs.Keys.Where(job => !_ended.Contains(job)).ToArray().Chunk(MostAtOnce)) await Task.WhenAll(some.Select(WakeAsync));
    }

    public async Task TidySome()
    {
        DateTimeOffset now = time.GetUtcNow();
        string[] due = [.. _ended.Where(job => !_due.TryGetValue(job, out DateTimeOffset next) || next <= now).Take(MostAtOnce)];
        await Task.WhenAll(due.Select(TidyAsync));
    }

    private async Task TidyAsync(string job)
    {
        try
        {
            TidyReport report = await GrainFactory.GetGrain<IJobCoordinatorGrain>(job).Tidy();
            _due[job] = report.Next;
            if (!report.IsOver || !_jobs.TryGetValue(job, out PointerDocument? pointer)) return;
            if (pointer.TakenIn + retention.State is { } known && known > time.GetUtcNow())
            {
                _due[job] = known;
                return;
            }
            await ForgetAsync(pointer, CancellationToken.None);
            LogForgotten(job, pointer.Name, pointer.Output);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException or IOException or DocumentException or JobException)
        {
            // Others are not to wait for it.
            _due[job] = time.GetUtcNow() + TidyAgain;
            LogNotTidied(job, exception);
        }
    }

    private async Task WakeAsync(string job)
    {
        try
        {
            if ((await GrainFactory.GetGrain<IJobCoordinatorGrain>(job).Wake()).IsFinal()) _ended.Add(job);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException or IOException or DocumentException or JobNotFoundException)
        {
            // The others are woken, and this one again later.
            LogNotWoken(job, exception);
        }
    }

    private async Task<bool> HasGpuAsync(CancellationToken cancellation) =>
        (await GrainFactory.GetGrain<IDispatcherGrain>(0).ListWorkers(cancellation)).Any((WorkerReport worker) => worker.Device != "cpu");

    private async Task ForgetAsync(PointerDocument pointer, CancellationToken cancellation)
    {
        string job = pointer.Job;
        // Without a name of its own it has its id.
        if (pointer.Name != job) await state.DeleteAsync(JobLayout.JobName(pointer.Name), null, cancellation);
        await state.DeleteAsync(JobLayout.JobPointer(job), null, cancellation);
        directory.Forget(job);
        _jobs.Remove(job);
        _ended.Remove(job);
        _due.Remove(job);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} ({Name}) is submitted; it writes to {Output}")]
    private partial void LogSubmitted(string job, string name, string output);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} ({Name}) is taken in from {Output}")]
    private partial void LogRecovered(string job, string name, string output);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} ({Name}) is deleted")]
    private partial void LogDeleted(string job, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} ({Name}) ended long ago and is listed no more; it is in {Output}, and 'maskrcnn job recover' brings it back")]
    private partial void LogForgotten(string job, string name, string output);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} has ended, and what is due then could not be done; it is tried again")]
    private partial void LogNotTidied(string job, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} could not be woken; it is tried again")]
    private partial void LogNotWoken(string job, Exception exception);
}
