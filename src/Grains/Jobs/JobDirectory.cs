using System.Collections.Concurrent;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Generations;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Jobs;

/// <summary>Finds jobs, and their later generations, by their ids: the pointer below the state root, then <c>job.json</c>.</summary>
/// <param name="state">The state root.</param>
/// <param name="stores">Opens the jobs' folders.</param>
/// <param name="time">The clock.</param>
public sealed class JobDirectory(IBlobStore state, Stores stores, TimeProvider time)
{
    /// <summary>After this the pointer is read again: another silo may have deleted the job, and taken it in again with another SAS.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <summary>What nobody has asked for so long is read again when it is needed: most jobs have ended.</summary>
    internal static readonly TimeSpan Unused = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Known> _jobs = new(StringComparer.Ordinal);
    private long _swept = time.GetTimestamp();

    /// <summary>How many are kept.</summary>
    internal int Count => _jobs.Count;

    /// <summary>A job's specification and folder.</summary>
    /// <param name="run">The job's id; of a later generation, its grains' id.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    public async Task<JobContext> OpenAsync(string run, CancellationToken cancellation = default)
    {
        if (_jobs.TryGetValue(run, out Known? known) && time.GetElapsedTime(known.Since) < Fresh) return known.Context;
        (string job, int generation) = RunId.Parse(run);
        if (!JobIds.IsId(job)) throw new JobNotFoundException(job);
        if (await PointerAsync(job, known, cancellation) is not { } pointer) return known!.Context;
        if (known?.Pointer != pointer) known = new Known(pointer, await OpenAsync(pointer, generation, cancellation), 0);
        ForgetUnused();
        _jobs[run] = known with { Since = time.GetTimestamp() };
        return known.Context;
    }

    /// <summary>The pointer; null: it cannot be read now, and what is known has to do.</summary>
    private async Task<PointerDocument?> PointerAsync(string job, Known? known, CancellationToken cancellation)
    {
        try
        {
            if (await state.FindDocumentAsync<PointerDocument>(JobLayout.JobPointer(job), cancellation) is { } pointer) return pointer;
        }
        catch (Exception exception) when (known is not null && StoreTrouble.MayPass(exception))
        {
            return null;
        }
        Forget(job);
        throw new JobNotFoundException(job);
    }

    private async Task<JobContext> OpenAsync(PointerDocument pointer, int generation, CancellationToken cancellation)
    {
        IBlobStore store = stores.Open(pointer.Addresses?.Output ?? pointer.Output);
        JobDocument document = await store.ReadDocumentAsync<JobDocument>(JobLayout.Job, cancellation);
        var context = new JobContext(document, store, pointer.Addresses ?? JobAddresses.Of(document.Specification, pointer.Output));
        while (context.Generation < generation) context = await Generation.OpenNextAsync(context, cancellation);
        return context;
    }

    /// <summary>Forgets a job that was deleted.</summary>
    public void Forget(string job)
    {
        foreach (string run in _jobs.Keys.Where(run => RunId.Parse(run).Job == job)) _jobs.TryRemove(run, out _);
    }

    private void ForgetUnused()
    {
        long swept = Volatile.Read(ref _swept);
        if (time.GetElapsedTime(swept) < Unused || Interlocked.CompareExchange(ref _swept, time.GetTimestamp(), swept) != swept) return;
        foreach ((string run, Known known) in _jobs)
        {
            // One that is used is looked at anew every minute.
            if (time.GetElapsedTime(known.Since) >= Unused) _jobs.TryRemove(new KeyValuePair<string, Known>(run, known));
        }
    }

    private sealed record Known(PointerDocument Pointer, JobContext Context, long Since);
}

/// <summary>A job's specification and where it writes.</summary>
/// <param name="Document"><c>job.json</c>: what may be shown.</param>
/// <param name="Store">The job's folder, as its generation sees it.</param>
/// <param name="Addresses">What opens the job's blobs; secret.</param>
public sealed record JobContext(JobDocument Document, IBlobStore Store, JobAddresses Addresses)
{
    /// <summary>The job's folder.</summary>
    public IBlobStore Folder { get; init; } = Store;

    /// <summary>Which generation this is, from 1.</summary>
    public int Generation { get; init; } = 1;

    /// <summary>Segments that generations before have listed.</summary>
    public int EarlierSegments { get; init; }

    /// <summary>What the generation's grains are called.</summary>
    public string Run => RunId.Of(Document.Job, Generation);

    /// <summary>The commit records that count.</summary>
    internal CommitRecords Commits { get; init; } = new(Store);
}
