using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Generations;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Results;
using MaskRcnn.Grains.Results.Live;
using MaskRcnn.Grains.Results.Reduction;
using MaskRcnn.Grains.State;
using MaskRcnn.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;

namespace MaskRcnn.Grains.Jobs;

/// <summary>
/// A job's life cycle and totals. It goes on by a timer: every second it asks lister, partitions and reducer how they stand,
/// which also wakes them after a crash. So nothing depends on a message that may be lost; those that come only save the wait.
/// While the job goes on the timer keeps the grain; one that has ended leaves memory, and is read from its documents when somebody asks.
/// </summary>
[RequireSiloRole(SiloRoles.Coordinator)]
[Reentrant]
[CollectionAgeLimit(Minutes = 5)]
internal sealed partial class JobGrain(
    [PersistentState("job", GrainState.Provider)] IPersistentState<JobMemory> memory,
    JobDirectory directory, RetentionOptions retention, TimeProvider time, ILogger<JobGrain> logger) : Grain, IJobGrain, IJobCoordinatorGrain
{
    private const int MostDamages = 3, MostPolledAtOnce = 16;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly PartitionPlan _plan = new();
    private readonly Dictionary<int, PartitionStatus> _partitions = [];
    private readonly WorkerFaults _faults = new();
    private readonly JobGauges _gauges = new();
    private JobContext _job = null!;
    private JobLifeCycle _life = null!;
    private EndDocument? _end;
    private ProgressRate _rate = null!;
    private IGrainTimer? _timer;
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _advancing;
    private int _damages;
    private string? _note;
    private JobAccuracy _accuracy = null!;
    private IReadOnlyDictionary<string, double>? _finalAccuracy;
    private StartDocument? _start;
    private PartialResult _partial = null!;

    private string Id => this.GetPrimaryKeyString();

    private bool IsEnded => _end is not null;

    private JobSpecification Specification => _job.Document.Specification;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _job = await directory.OpenAsync(Id, cancellationToken);
        _end = await _job.Store.FindDocumentAsync<EndDocument>(JobLayout.End, cancellationToken);
        _start = await _job.Store.FindDocumentAsync<StartDocument>(JobLayout.Start, cancellationToken);
        if (_job.Generation == 1) _latest = await Generation.LatestAsync(_job.Folder, cancellationToken);
        _rate = new ProgressRate(time);
        _accuracy = new JobAccuracy(_job, time);
        _partial = new PartialResult(_job, GrainFactory.GetGrain<IReducerGrain>(Id));
        foreach (SegmentHeader segment in memory.State.Segments) _plan.Add(segment);
        // Grain state may be old or lost; what the user has decided is in the job's folder.
        bool isPaused = _end is null && await _job.Store.FindAsync(JobLayout.Pause, cancellationToken) is not null;
        _life = new JobLifeCycle(_job.Document.Job, isPaused, _end?.State);
        if (_end is not null)
        {
            _finalAccuracy = await JobAccuracy.OfReportAsync(_job, cancellationToken);
            // It ended without time to tidy up, or grain state came back from a backup.
            if (memory.RecordExists) this.RegisterGrainTimer(ForgetAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
            await WritePartialAsync(_end);
            return;
        }
        CoordinatorMetrics.Jobs.Add(_gauges);
        if (memory.State.ListingDone) _life.ListingEnded();
        _timer = this.RegisterGrainTimer(Advance, new GrainTimerCreationOptions(TimeSpan.Zero, Period) { Interleave = true, KeepAlive = true });
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        CoordinatorMetrics.Jobs.Remove(_gauges);
        _retention.Stop();
        return Task.CompletedTask;
    }

    public Task<JobState> Wake()
    {
        if (Later is not null) return GrainFactory.GetGrain<IJobCoordinatorGrain>(RunId.Of(_job.Document.Job, _latest)).Wake();
        _timer?.Change(TimeSpan.Zero, Period);
        // It is woken until the result of what is finished is written, too.
        return Task.FromResult(_partial.IsPending ? JobState.Reducing : _life.State);
    }

    private async Task<JobStatus> PauseAsync()
    {
        _life.RequirePausable();
        await _job.Store.PutDocumentAsync(JobLayout.Pause, new PauseDocument(time.GetUtcNow()), CancellationToken.None);
        _life.Pause();
        return await PausedAsync(true);
    }

    private async Task<JobStatus> ResumeAsync()
    {
        _life.RequireResumable();
        await _job.Store.DeleteAsync(JobLayout.Pause, null, CancellationToken.None);
        _life.Resume();
        return await PausedAsync(false);
    }

    private async Task<JobStatus> CancelAsync()
    {
        if (!_life.CanCancel()) return Status();
        await EndAsync(JobState.Cancelled, "cancelled by its user");
        // It may have ended otherwise meanwhile.
        _life.CanCancel();
        return Status();
    }

    public async Task ReportFault(string worker, string reason, bool isPermanent)
    {
        _note = $"{reason} (worker {worker})";
        if (!IsEnded && _faults.Add(isPermanent, Counts().Done > 0)) await EndAsync(JobState.Failed, reason);
    }

    /// <summary>One step; never two at once. What fails is tried again by the next.</summary>
    private async Task Advance(CancellationToken cancellation)
    {
        if (_advancing || IsEnded) return;
        _advancing = true;
        try
        {
            await ListAsync();
            if (IsEnded) return;
            await PollPartitionsAsync();
            if (IsEnded) return;
            if (FailureRule.Judge(Specification.MaxFailureRate, Counts(), memory.State.ListingDone) is { } reason) await EndAsync(JobState.Failed, reason);
            else if (IsWorkDone()) await ReduceAsync();
            else await AnnounceAsync();
        }
        catch (InconsistentStateException)
        {
            LogOtherActivation(Id);
            DeactivateOnIdle();
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException or IOException or DocumentException)
        {
            _note = exception.Message;
            LogStepFailed(Id, exception);
        }
        finally
        {
            _gauges.Set(_life.State, Counts().Left);
            _advancing = false;
        }
    }

    private async Task ListAsync()
    {
        if (memory.State.ListingDone) return;
        _life.ListingBegan();
        ListingStatus listing = await GrainFactory.GetGrain<IListerGrain>(Id).Poll(memory.State.Segments.Count);
        foreach (SegmentHeader segment in listing.Segments)
        {
            memory.State.Segments.Add(segment);
            _plan.Add(segment);
        }
        if (listing.Error is not null)
        {
            _note = $"listing: {listing.Error}";
            if (listing.IsPermanent) await EndAsync(JobState.Failed, _note);
            return;
        }
        if (!listing.IsDone && listing.Segments.Count == 0) return;
        memory.State.ListingDone = listing.IsDone;
        if (listing.IsDone) _life.ListingEnded();
        await SaveAsync();
        if (!listing.IsDone) return;
        if (_plan.Count == 0) await EndAsync(JobState.Failed, $"there is no image in {Specification.Images}");
        // Before the work, not after it.
        else if (EvaluationMemory.Problem(Specification, _job.Document.Model, _job.Document.EvaluatedCategories.Count, Counts().Total, memory.State.Segments.Sum(s => (long)s.Shards)) is { } tooLarge) await EndAsync(JobState.Failed, tooLarge);
    }

    private async Task PollPartitionsAsync()
    {
        async Task Poll(int partition)
        {
            (int first, int count) = _plan[partition];
            if (_partitions.TryGetValue(partition, out PartitionStatus? known) && known.IsComplete && known.Segments == count) return;
            PartitionStatus status = await Partition(partition).Open(first, count);
            _partitions[partition] = status;
        }
        // Not hundreds of them: their answers would come at once, and a status wait behind them.
        foreach (int[] some in Enumerable.Range(0, _plan.Count).Chunk(MostPolledAtOnce)) await Task.WhenAll(some.Select(Poll));
        _known.TrySetResult();
        _rate.Count(Counts().Done + Counts().Failed);
        memory.State.Counts = Counts();
        if (_start is null && _partitions.Values.Any(p => p.Leased > 0 || p.Counts.Done + p.Counts.Failed > 0))
        {
            DateTimeOffset now = time.GetUtcNow();
            _start = await _job.Store.PutDocumentAsync(JobLayout.Start, new StartDocument(now, now + TimeSpan.FromSeconds(Specification.DeadlineSeconds)), CancellationToken.None);
        }
    }

    private bool IsWorkDone() =>
        memory.State.ListingDone && _plan.Count > 0 && Enumerable.Range(0, _plan.Count).All(p => _partitions.TryGetValue(p, out PartitionStatus? status) && status.IsComplete && status.Segments == _plan[p].Count);

    private async Task ReduceAsync()
    {
        _life.AllCommitted();
        if (_life.IsPaused) return;
        await AnnounceAsync();
        PartitionDescription[] parts = await Task.WhenAll(Enumerable.Range(0, _plan.Count).Select(p => Partition(p).Describe()));
        ReductionStatus reduction = await GrainFactory.GetGrain<IReducerGrain>(Id).Poll([.. parts.SelectMany(p => p.FailedAttempts)]);
        _note = reduction.Error is { } error ? $"writing the result: {error}" : null;
        // A part that came damaged may be a fault of the way; one that comes so again and again is damaged.
        _damages = reduction.IsPermanent ? _damages + 1 : reduction.Error is null ? _damages : 0;
        if (_damages >= MostDamages) await EndAsync(JobState.Failed, _note);
        else if (reduction.IsDone) await EndAsync(Counts().Failed == 0 ? JobState.Succeeded : JobState.CompletedWithErrors, null);
    }

    /// <summary>Ends the job; what <c>end.json</c> says then is how it ended.</summary>
    private async Task EndAsync(JobState state, string? reason)
    {
        _end = await _job.Store.PutDocumentAsync(JobLayout.End, new EndDocument(state, reason, time.GetUtcNow(), Counts(), memory.State.ListingDone) { DeviceTime = DeviceTimes() }, CancellationToken.None);
        _life.End(_end.State);
        _note = null;
        _timer?.Dispose();
        _timer = null;
        _known.TrySetResult();
        _accuracy.Stop();
        _finalAccuracy = await JobAccuracy.OfReportAsync(_job, CancellationToken.None);
        CoordinatorMetrics.Jobs.Remove(_gauges);
        CoordinatorMetrics.Ended(_end.State);
        JobTrace.Ended(_job.Document, _end.State, _end.Finished, _end.Images);
        LogEnded(Id, _end.State, _end.Images.Done, _end.Images.Failed, _end.Reason ?? "no trouble");
        // What is not told now is refused later: leases end by themselves.
        await Task.WhenAll([AnnounceAsync(), GrainFactory.GetGrain<IListerGrain>(Id).Stop(), GrainFactory.GetGrain<IReducerGrain>(Id).Stop()]);
        await ForgetAsync(CancellationToken.None);
        await WritePartialAsync(_end);
    }

    /// <summary>Writes the result of what is finished, if the work was not done.</summary>
    private async Task WritePartialAsync(EndDocument end)
    {
        await _partial.BeginAsync(end, CancellationToken.None);
        if (_partial.IsPending) _timer = this.RegisterGrainTimer(AdvancePartial, new GrainTimerCreationOptions(TimeSpan.Zero, Period) { Interleave = true, KeepAlive = true });
    }

    private async Task AdvancePartial(CancellationToken cancellation)
    {
        if (_advancing) return;
        _advancing = true;
        try
        {
            await _partial.AdvanceAsync();
            if (_partial.IsPending) return;
            _timer?.Dispose();
            _timer = null;
            _finalAccuracy = await JobAccuracy.OfReportAsync(_job, CancellationToken.None);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException or IOException or DocumentException)
        {
            LogStepFailed(Id, exception);
        }
        finally
        {
            _advancing = false;
        }
    }

    /// <summary>Clears the grain state of a job that has ended, of which its documents say all.</summary>
    private async Task ForgetAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, _plan.Count).Select(p => Partition(p).Close()));
            await memory.ClearStateAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is InconsistentStateException or TimeoutException or OrleansException or IOException)
        {
            // What is left is a few kilobytes; the next activation tries again.
            LogNotForgotten(Id, exception);
        }
    }

    private Task AnnounceAsync()
    {
        bool gives = _life.HandsOutWork;
        return GrainFactory.GetGrain<IDispatcherGrain>(0).Announce(new JobWork(Id, Specification.Priority, _job.Document.Created, gives ? Partitions(p => p.HasWaiting) : [])
        {
            Weight = Specification.Weight,
            Tenant = Specification.Tenant,
            Model = _job.Document.Model.Sha256,
            Pool = Specification.Pool,
            // While the listing goes on there will be more that waits.
            Stragglers = gives && memory.State.ListingDone && !_partitions.Values.Any(p => p.HasWaiting) ? Partitions(p => p.HasStraggler) : [],
            Demand = gives ? Demand() : null,
            HasEnded = IsEnded,
        });

        IReadOnlyList<int> Partitions(Func<PartitionStatus, bool> which) => [.. _partitions.Where(p => which(p.Value)).Select(p => p.Key).Order()];
    }

    private async Task<JobStatus> PausedAsync(bool isPaused)
    {
        memory.State.IsPaused = isPaused;
        await SaveAsync();
        await AnnounceAsync();
        return Status();
    }

    private Task SaveAsync() => memory.WriteStateAsync();

    private IPartitionGrain Partition(int partition) => GrainFactory.GetGrain<IPartitionGrain>($"{Id}/{partition}");
}
