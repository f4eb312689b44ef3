using System.Runtime.CompilerServices;
using MaskRcnn.Client.Results;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary>One job of a cluster. Calls are repeated while the cluster is away; each of them may be.</summary>
public sealed class JobHandle
{
    private readonly MaskRcnnClient _client;

    internal JobHandle(MaskRcnnClient client, string id, string name, string output, DateTimeOffset created) =>
        (_client, Id, Name, Output, Created) = (client, id, name, output, created);

    /// <summary>Of a job that was just submitted: what its user should know, such as how categories were matched.</summary>
    public IReadOnlyList<string> Notes { get; internal init; } = [];

    /// <summary>Of a job that was just submitted: whether it was there already, under its name and with the same parameters.</summary>
    public bool Existed { get; internal init; }

    /// <summary>The job's id.</summary>
    public string Id { get; }

    /// <summary>The job's name; its id if it was given none.</summary>
    public string Name { get; }

    /// <summary>The folder of everything that the job writes, without its SAS; its result is in <c>result/</c> below it.</summary>
    public string Output { get; }

    /// <summary>When it was first submitted.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>Where it stands.</summary>
    /// <exception cref="JobNotFoundException">It was deleted.</exception>
    public Task<JobStatus> GetStatusAsync(CancellationToken cancellation = default) => StatusAsync(_client.Options.ConnectTimeout, cancellation);

    /// <summary>
    /// Follows the job to its end: the status now, then every change (seen about once a second), last the final status. A cluster
    /// that is away, moves or restarts is waited for, up to <see cref="MaskRcnnClientOptions.RetryFor"/> each time.
    /// </summary>
    /// <param name="cancellation">Stops watching; the job goes on.</param>
    /// <exception cref="JobNotFoundException">It was deleted.</exception>
    /// <exception cref="Connection.ClusterUnavailableException">The cluster did not come back in time.</exception>
    /// <example>
    /// <code>
    /// JobStatus last = await job.WatchAsync().LastAsync();
    /// if (last.State != JobState.Succeeded) Console.Error.WriteLine(last.Reason);
    /// </code>
    /// </example>
    public async IAsyncEnumerable<JobStatus> WatchAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        JobStatus? last = null;
        await foreach (JobStatus status in PollAsync(cancellation).ConfigureAwait(false))
        {
            if (last is null || JobStatusChange.Between(last, status)) yield return status;
            last = status;
        }
    }

    /// <summary>Like <see cref="WatchAsync"/>, but gives the status every time that it was asked for, changed or not: a sign of life.</summary>
    /// <inheritdoc cref="WatchAsync"/>
    public async IAsyncEnumerable<JobStatus> PollAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            JobStatus status = await StatusAsync(_client.Options.RetryFor, cancellation).ConfigureAwait(false);
            yield return status;
            if (status.State.IsFinal()) yield break;
            await Task.Delay(_client.Options.PollInterval, _client.Options.TimeProvider, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Everything that answers "why is it stuck?": leases, attempts, workers.</summary>
    /// <exception cref="JobNotFoundException">It was deleted.</exception>
    public Task<JobDescription> DescribeAsync(CancellationToken cancellation = default) => CallAsync((job, token) => job.Describe(token), cancellation);

    /// <summary>Hands out no new shards until it is resumed.</summary>
    /// <exception cref="JobStateException">It has ended.</exception>
    public Task<JobStatus> PauseAsync(CancellationToken cancellation = default) => CallAsync((job, token) => job.Pause(token), cancellation);

    /// <summary>Goes on after a pause.</summary>
    /// <exception cref="JobStateException">It has ended.</exception>
    public Task<JobStatus> ResumeAsync(CancellationToken cancellation = default) => CallAsync((job, token) => job.Resume(token), cancellation);

    /// <summary>Ends it. What is finished becomes a result, marked as partial.</summary>
    /// <exception cref="JobStateException">It has ended otherwise.</exception>
    public Task<JobStatus> CancelAsync(CancellationToken cancellation = default) => CallAsync((job, token) => job.Cancel(token), cancellation);

    /// <summary>Does again what has no result, as a new generation, whose result is then the job's. Follow it as the job.</summary>
    /// <param name="onlyFailed">Whether only images that failed are meant: a job that did not come to all of its images is refused.</param>
    /// <param name="cancellation">Stops waiting; what is begun goes on.</param>
    /// <exception cref="JobStateException">It has not ended, every image has a result, or the job's parts are gone.</exception>
    public async Task<JobStatus> RetryAsync(bool onlyFailed = false, CancellationToken cancellation = default)
    {
        int generation = (await GetStatusAsync(cancellation).ConfigureAwait(false)).Generation;
        bool asked = false;
        return await _client.Calls.CallAsync(
            async (grains, token) =>
            {
                try
                {
                    return await MaskRcnnClient.Index(grains).Retry(Id, onlyFailed, token).ConfigureAwait(false);
                }
                catch (JobStateException) when (asked)
                {
                    JobStatus status = await grains.GetGrain<IJobGrain>(Id).GetStatus(token).ConfigureAwait(false);
                    // The first call did it, and its answer was lost.
                    if (status.Generation > generation) return status;
                    throw;
                }
                finally
                {
                    asked = true;
                }
            },
            _client.Options.ConnectTimeout, cancellation).ConfigureAwait(false);
    }

    /// <summary>Forgets the job: its name is free, and it is listed no more.</summary>
    /// <param name="withOutput">Whether what it wrote, its results too, is deleted; of results what their manifests name.</param>
    /// <param name="cancellation">Stops waiting; what is begun goes on.</param>
    /// <exception cref="JobStateException">It has not ended.</exception>
    public async Task DeleteAsync(bool withOutput = false, CancellationToken cancellation = default)
    {
        bool asked = false;
        await _client.Calls.CallAsync(
            async (grains, token) =>
            {
                try
                {
                    await MaskRcnnClient.Index(grains).Delete(Id, withOutput, token).ConfigureAwait(false);
                }
                catch (JobNotFoundException) when (asked)
                {
                    // The first call did it, and its answer was lost.
                }
                finally
                {
                    asked = true;
                }
                return true;
            },
            _client.Options.ConnectTimeout, cancellation).ConfigureAwait(false);
    }

    /// <summary>Opens the job's result. Of a job that failed or was cancelled it is partial: of the images that were finished.</summary>
    /// <exception cref="ResultsNotReadyException">It has none: it has not ended, or ended before anything was finished, or the result is being written.</exception>
    /// <example>
    /// <code>
    /// JobResults results = await job.OpenResultsAsync();
    /// await foreach (ResultImage image in results.ListImagesAsync())
    ///     if (image.Misses > 0) Console.WriteLine($"{image.Image}: {image.Misses} objects were not found");
    /// </code>
    /// </example>
    public Task<JobResults> OpenResultsAsync(CancellationToken cancellation = default) => OpenResultsAsync(null, cancellation);

    /// <inheritdoc cref="OpenResultsAsync(CancellationToken)"/>
    /// <param name="generation">Whose result, from 1: one that was retried has that of each time; null: the newest.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<JobResults> OpenResultsAsync(int? generation, CancellationToken cancellation = default)
    {
        JobStatus status = await GetStatusAsync(cancellation).ConfigureAwait(false);
        bool isEarlier = generation < status.Generation;
        if (!isEarlier && (!status.State.IsFinal() || status.IsWritingResult)) throw new ResultsNotReadyException(Name, status.State, status.Reason);
        OutputAddress address = await CallAsync((job, token) => job.GetOutputAddress(token), cancellation).ConfigureAwait(false);
        try
        {
            return await JobResults.OpenAsync(_client.Options.OpenStore(address.Uri), generation, cancellation).ConfigureAwait(false);
        }
        catch (ResultsNotReadyException) when (!isEarlier && status.State is JobState.Failed or JobState.Cancelled)
        {
            throw new ResultsNotReadyException(Name, status.State, status.Reason);
        }
    }

    private Task<JobStatus> StatusAsync(TimeSpan retryFor, CancellationToken cancellation) =>
        _client.Calls.CallAsync((grains, token) => grains.GetGrain<IJobGrain>(Id).GetStatus(token), retryFor, cancellation);

    private Task<T> CallAsync<T>(Func<IJobGrain, CancellationToken, Task<T>> call, CancellationToken cancellation) =>
        _client.Calls.CallAsync((grains, token) => call(grains.GetGrain<IJobGrain>(Id), token), _client.Options.ConnectTimeout, cancellation);
}
