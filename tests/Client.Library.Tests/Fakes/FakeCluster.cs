using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Client.Library.Tests.Fakes;

/// <summary>A cluster of one job, by hand: what is asked of it is written down, what it answers is given.</summary>
internal sealed class FakeCluster : IGrainFactory, IJobIndexGrain, IJobGrain, IDispatcherGrain, IDryRunGrain
{
    public const string Job = "4f1c0a";

    /// <summary>When everything happened.</summary>
    public static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static JobStatus Running { get; } = new()
    {
        Job = Job, Name = "photos", State = JobState.Running, Images = new ImageCounts(10, 4, 1), ListingDone = true, ImagesPerSecond = 2.5, EtaSeconds = 2,
        Created = Then, Output = "/out/" + Job, Updated = Then,
    };

    /// <summary>The statuses that are answered, in order; the last one again and again. An exception is thrown.</summary>
    public List<object> Statuses { get; } = [Running];

    public JobSpecification? Submitted { get; private set; }

    public JobFilter? Asked { get; private set; }

    public bool? DeletedWithOutput { get; private set; }

    public List<string> Calls { get; } = [];

    /// <summary>Thrown by the next calls other than for the status, one each.</summary>
    public Queue<Exception> Failures { get; } = [];

    public IReadOnlyList<JobStatus> Jobs { get; init; } = [Running];

    public IReadOnlyList<WorkerReport> Workers { get; init; } = [];

    public JobDescription? Description { get; init; }

    public Queue<DryRunReport> DryRuns { get; } = [];

    /// <summary>The job's folder.</summary>
    public MemoryBlobStore Store { get; } = new();

    /// <summary>What opens it.</summary>
    public string OutputUri { get; init; } = Running.Output;

    /// <summary>Whether the job has ended, and so cannot be paused.</summary>
    public bool Ended { get; init; }

    public int StatusCalls { get; private set; }

    public MaskRcnnClient Client(TimeProvider? time = null, Action<string>? onWaiting = null) =>
        MaskRcnnClient.Over(this, new MaskRcnnClientOptions { TimeProvider = time ?? new HurriedTime(), OnWaiting = onWaiting, OpenStore = Open });

    public JobRecovery? Recovered { get; private set; }

    public Task<SubmitReceipt> Recover(JobRecovery recovery, CancellationToken cancellation = default) => Answer("recover", () =>
    {
        Recovered = recovery;
        return new SubmitReceipt(Job, Running.Name, Then, recovery.Output, [], false);
    });

    public Task<SubmitReceipt> Submit(JobSpecification specification, CancellationToken cancellation = default) => Answer("submit", () =>
    {
        Submitted = specification;
        return new SubmitReceipt(Job, specification.Name ?? Job, Then, specification.Output + "/" + Job, [], false);
    });

    public Task<string> Resolve(string jobOrName, CancellationToken cancellation = default) =>
        Answer("resolve", () => jobOrName is Job or "photos" ? Job : throw new JobNotFoundException(jobOrName));

    public Task<JobPage> List(JobFilter filter, CancellationToken cancellation = default) => Answer("list", () =>
    {
        Asked = filter;
        int first = filter.After is null ? 0 : int.Parse(filter.After, System.Globalization.CultureInfo.InvariantCulture);
        int next = Math.Min(first + filter.PageSize, Jobs.Count);
        return new JobPage([.. Jobs.Skip(first).Take(filter.PageSize)], next < Jobs.Count ? next.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
    });

    public Task Delete(string job, bool withOutput, CancellationToken cancellation = default) => Answer("delete", () => DeletedWithOutput = withOutput);

    public Task<JobStatus> GetStatus(CancellationToken cancellation = default)
    {
        object next = Statuses[Math.Min(StatusCalls, Statuses.Count - 1)];
        StatusCalls++;
        return next is Exception exception ? Task.FromException<JobStatus>(exception) : Task.FromResult((JobStatus)next);
    }

    public Task<JobDescription> Describe(CancellationToken cancellation = default) => Answer("describe", () => Description!);

    public Task<OutputAddress> GetOutputAddress(CancellationToken cancellation = default) => Answer("output address", () => new OutputAddress(OutputUri));

    public Task<JobStatus> Pause(CancellationToken cancellation = default) => Answer("pause", () => Ended ? throw new JobStateException(Job, JobState.Succeeded, "only a job that runs can be paused") : Running with { State = JobState.Paused });

    public Task<JobStatus> Resume(CancellationToken cancellation = default) => Answer("resume", () => Running);

    /// <summary>What a retry was asked for: whether only failed images are meant.</summary>
    public bool? RetriedFailed { get; private set; }

    public Task<JobStatus> Retry(string job, bool onlyFailed, CancellationToken cancellation = default) => Retry(onlyFailed, cancellation);

    public Task<JobStatus> Retry(bool onlyFailed, CancellationToken cancellation = default) => Answer("retry", () =>
    {
        RetriedFailed = onlyFailed;
        return Running with { Generation = 2 };
    });

    public Task<JobStatus> Cancel(CancellationToken cancellation = default) => Answer("cancel", () => Running with { State = JobState.Cancelled });

    public Task<DryRunReport> Poll(JobSpecification specification, CancellationToken cancellation = default) => Answer("dry-run", () =>
    {
        Submitted = specification;
        return DryRuns.Dequeue();
    });

    public Task<IReadOnlyList<WorkerReport>> ListWorkers(CancellationToken cancellation = default) => Answer("workers", () => Workers);

    /// <summary>The pools' signals.</summary>
    public IReadOnlyList<ScalingSignal> Scaling { get; init; } = [];

    public Task<IReadOnlyList<ScalingSignal>> GetScaling(string? pool = null, CancellationToken cancellation = default) =>
        Answer("scaling", () => (IReadOnlyList<ScalingSignal>)[.. Scaling.Where(signal => pool is null || signal.Pool == pool)]);

    public Task<bool> IsOutranked(string worker, string job) => throw new NotSupportedException();

    public Task<Lease?> Next(WorkerReport worker, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task Heartbeat(WorkerReport worker, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task SiloDied(string silo) => throw new NotSupportedException();

    public Task Announce(JobWork work) => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithGuidKey => (TGrainInterface)(object)this;

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithIntegerKey => (TGrainInterface)(object)this;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithStringKey =>
        primaryKey == Job ? (TGrainInterface)(object)this : throw new InvalidOperationException($"There is no grain for '{primaryKey}'; expected the job's id.");

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithGuidCompoundKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithIntegerCompoundKey => throw new NotSupportedException();

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw new NotSupportedException();

    private MemoryBlobStore Open(string uri) => uri == OutputUri ? Store : throw new InvalidOperationException($"{uri} was opened; expected {OutputUri}.");

    private Task<T> Answer<T>(string call, Func<T> answer)
    {
        Calls.Add(call);
        if (Failures.TryDequeue(out Exception? failure)) return Task.FromException<T>(failure);
        try
        {
            return Task.FromResult(answer());
        }
        catch (JobException exception)
        {
            return Task.FromException<T>(exception);
        }
    }
}
