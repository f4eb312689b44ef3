using System.Collections.Concurrent;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Jobs;

/// <summary>Finds jobs by their ids: the pointer below the state root, then <c>job.json</c>.</summary>
/// <param name="state">The state root.</param>
/// <param name="stores">Opens the jobs' folders.</param>
public sealed class JobDirectory(IBlobStore state, Stores stores)
{
    /// <summary>What is read again when it is needed need not be kept for ever.</summary>
    private const int MostKept = 4096;

    private readonly ConcurrentDictionary<string, JobContext> _jobs = new(StringComparer.Ordinal);

    /// <summary>A job's specification and folder.</summary>
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    public async Task<JobContext> OpenAsync(string job, CancellationToken cancellation = default)
    {
        if (_jobs.TryGetValue(job, out JobContext? known)) return known;
        if (!JobIds.IsId(job)) throw new JobNotFoundException(job);
        PointerDocument pointer = await state.FindDocumentAsync<PointerDocument>(JobLayout.JobPointer(job), cancellation) ?? throw new JobNotFoundException(job);
        IBlobStore store = stores.Open(pointer.Addresses?.Output ?? pointer.Output);
        JobDocument document = await store.ReadDocumentAsync<JobDocument>(JobLayout.Job, cancellation);
        if (_jobs.Count >= MostKept) _jobs.Clear();
        // Immutable, so it may be kept.
        return _jobs.GetOrAdd(job, new JobContext(document, store, pointer.Addresses ?? JobAddresses.Of(document.Specification, pointer.Output)));
    }

    /// <summary>Forgets a job that was deleted.</summary>
    public void Forget(string job) => _jobs.TryRemove(job, out _);
}

/// <summary>A job's specification and where it writes.</summary>
/// <param name="Document"><c>job.json</c>: what may be shown.</param>
/// <param name="Store">The job's folder.</param>
/// <param name="Addresses">What opens the job's blobs; secret.</param>
public sealed record JobContext(JobDocument Document, IBlobStore Store, JobAddresses Addresses);
