using System.Runtime.CompilerServices;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Client;

/// <summary>
/// A connection to a cluster: submit jobs, follow them, open their results. Safe for many threads; dispose of it at the end.
/// Calls are repeated while the cluster is away, for <see cref="MaskRcnnClientOptions.ConnectTimeout"/>; those that may not be
/// say so. Failures that a caller can act on are typed: <see cref="JobException"/> and its kin, <see cref="ClusterUnavailableException"/>.
/// </summary>
/// <example>
/// <code>
/// await using MaskRcnnClient client = await MaskRcnnClient.ConnectAsync(ClusterAddress.Resolve());
/// JobHandle job = await client.SubmitAsync(new JobSpecification { Images = "/data/photos", Model = "/models/nuclei.safetensors", Output = "/data/out" });
/// await foreach (JobStatus status in job.WatchAsync()) Console.WriteLine($"{status.State}: {status.Images.Done} of {status.Images.Total}");
/// </code>
/// </example>
public sealed class MaskRcnnClient : IAsyncDisposable
{
    private readonly IClusterLink _link;

    private MaskRcnnClient(IClusterLink link, MaskRcnnClientOptions options)
    {
        _link = link;
        Options = options;
        Calls = new ClusterCalls(link, options);
    }

    /// <summary>How long it waits, and for what.</summary>
    public MaskRcnnClientOptions Options { get; }

    internal ClusterCalls Calls { get; }

    /// <summary>Connects to a cluster, waiting while it starts.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="options">How long to wait; null for the defaults.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ClusterUnavailableException">None answers in time; the message says how to start one.</exception>
    /// <exception cref="Transport.TlsFilesException">The files of <see cref="MaskRcnnClientOptions.Tls"/> cannot be used; every problem is named.</exception>
    public static async Task<MaskRcnnClient> ConnectAsync(ClusterAddress address, MaskRcnnClientOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new MaskRcnnClientOptions();
        options.Validate();
        return new MaskRcnnClient(await OrleansLink.ConnectAsync(address, options, cancellation).ConfigureAwait(false), options);
    }

    /// <summary>A client over grains that are connected already: within a silo, in a host with its own Orleans client, or in a test.</summary>
    /// <param name="grains">The grains; they are not disposed of with the client.</param>
    /// <param name="options">How long to wait; null for the defaults.</param>
    public static MaskRcnnClient Over(IGrainFactory grains, MaskRcnnClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(grains);
        options ??= new MaskRcnnClientOptions();
        options.Validate();
        return new MaskRcnnClient(new FixedLink(grains), options);
    }

    /// <summary>
    /// Submits a job. With a <see cref="JobSpecification.Name"/> this may be repeated: the same name with the same parameters is
    /// the same job. Without a name it is asked once, and after a lost answer the job may be there.
    /// </summary>
    /// <param name="specification">What is asked for; all URIs absolute.</param>
    /// <param name="cancellation">Stops waiting; the job may have been taken.</param>
    /// <exception cref="JobRejectedException">It cannot be; every problem is named.</exception>
    /// <exception cref="JobConflictException">The name is taken by a job with other parameters.</exception>
    /// <exception cref="ClusterUnavailableException">The cluster does not answer.</exception>
    public async Task<JobHandle> SubmitAsync(JobSpecification specification, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(specification);
        SubmitReceipt receipt = specification.Name is null
            ? await Calls.CallOnceAsync(Submit, "the job may have been taken, 'maskrcnn job list' shows it (a job with a name may be submitted again)", cancellation).ConfigureAwait(false)
            : await Calls.CallAsync(Submit, Options.ConnectTimeout, cancellation).ConfigureAwait(false);
        return new JobHandle(this, receipt.Job, receipt.Name, receipt.Output, receipt.Created) { Notes = receipt.Notes, Existed = receipt.Existed };

        Task<SubmitReceipt> Submit(IGrainFactory grains, CancellationToken token) => Index(grains).Submit(specification, token);
    }

    /// <summary>Takes in a job whose folder is there, though the cluster does not know it, and wakes it. It may be repeated.</summary>
    /// <param name="recovery">Where it is; all URIs absolute.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="JobRejectedException">There is no job in the folder, or what opens its blobs is not known; every problem is named.</exception>
    /// <exception cref="JobConflictException">Its name is another job's here.</exception>
    /// <exception cref="ClusterUnavailableException">The cluster does not answer.</exception>
    public async Task<JobHandle> RecoverAsync(JobRecovery recovery, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recovery);
        SubmitReceipt receipt = await Calls.CallAsync((grains, token) => Index(grains).Recover(recovery, token), Options.ConnectTimeout, cancellation).ConfigureAwait(false);
        return new JobHandle(this, receipt.Job, receipt.Name, receipt.Output, receipt.Created) { Notes = receipt.Notes, Existed = receipt.Existed };
    }

    /// <summary>A job by its id or name.</summary>
    /// <exception cref="JobNotFoundException">There is none.</exception>
    /// <exception cref="ClusterUnavailableException">The cluster does not answer.</exception>
    public async Task<JobHandle> GetJobAsync(string idOrName, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(idOrName);
        JobStatus status = await Calls.CallAsync(
            async (grains, token) =>
            {
                string id = await Index(grains).Resolve(idOrName, token).ConfigureAwait(false);
                return await grains.GetGrain<IJobGrain>(id).GetStatus(token).ConfigureAwait(false);
            },
            Options.ConnectTimeout, cancellation).ConfigureAwait(false);
        return new JobHandle(this, status.Job, status.Name, status.Output, status.Created);
    }

    /// <summary>The cluster's jobs, newest first; they are asked for page by page as they are read.</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ClusterUnavailableException">The cluster does not answer.</exception>
    public async IAsyncEnumerable<JobStatus> ListAsync(JobFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        JobFilter next = filter ?? new JobFilter();
        while (true)
        {
            JobFilter asked = next;
            JobPage page = await Calls.CallAsync((grains, token) => Index(grains).List(asked, token), Options.ConnectTimeout, cancellation).ConfigureAwait(false);
            foreach (JobStatus job in page.Jobs) yield return job;
            if (page.Next is null) yield break;
            next = asked with { After = page.Next };
        }
    }

    /// <summary>Counts and checks everything that a job would do, without starting it.</summary>
    /// <param name="specification">What would be asked for.</param>
    /// <param name="progress">Is told how far it is; null: nobody.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ClusterUnavailableException">The cluster does not answer.</exception>
    public async Task<DryRunReport> DryRunAsync(JobSpecification specification, IProgress<DryRunReport>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(specification);
        Guid run = Guid.NewGuid();
        while (true)
        {
            DryRunReport report = await Calls.CallAsync((grains, token) => grains.GetGrain<IDryRunGrain>(run).Poll(specification, token), Options.RetryFor, cancellation).ConfigureAwait(false);
            if (report.Done) return report;
            progress?.Report(report);
            // The grain answers after a second at most; one that answers at once must not be asked in a loop.
            await Task.Delay(Options.PollInterval / 4, Options.TimeProvider, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The workers that were heard of in the last minute.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster does not answer.</exception>
    public Task<IReadOnlyList<WorkerReport>> ListWorkersAsync(CancellationToken cancellation = default) =>
        Calls.CallAsync((grains, token) => grains.GetGrain<IDispatcherGrain>(0).ListWorkers(token), Options.ConnectTimeout, cancellation);

    /// <summary>How many workers pools should have, see docs/scheduling.md.</summary>
    /// <param name="pool">One pool; null: all that have a worker or a job.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ClusterUnavailableException">The cluster cannot be reached.</exception>
    public Task<IReadOnlyList<ScalingSignal>> GetScalingAsync(string? pool = null, CancellationToken cancellation = default) =>
        Calls.CallAsync((grains, token) => grains.GetGrain<IDispatcherGrain>(0).GetScaling(pool, token), Options.ConnectTimeout, cancellation);

    /// <summary>Disconnects. Jobs go on.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    internal static IJobIndexGrain Index(IGrainFactory grains) => grains.GetGrain<IJobIndexGrain>(0);
}
