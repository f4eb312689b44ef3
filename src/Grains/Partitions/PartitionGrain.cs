using System.Globalization;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.State;
using MaskRcnn.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace MaskRcnn.Grains.Partitions;

/// <summary>Keeps a <see cref="PartitionTable"/>, tells it the time and what is in the store, and puts the records that it decides on.</summary>
[RequireSiloRole(SiloRoles.Coordinator)]
internal sealed partial class PartitionGrain(
    [PersistentState("partition", GrainState.Provider)] IPersistentState<PartitionMemory> memory,
    JobDirectory directory, LeaseOptions options, TimeProvider time, ILogger<PartitionGrain> logger) : Grain, IPartitionGrain
{
    private const int MostReadsAtOnce = 32;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly PartitionGauges _gauges = new();
    private JobContext _job = null!;
    private PartitionTable _table = null!;
    private int _number;
    private int _segments;
    private bool _isClosed;
    private bool _changed;
    private DateTimeOffset _lastTick;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string key = this.GetPrimaryKeyString();
        int slash = key.LastIndexOf('/');
        _number = int.Parse(key.AsSpan(slash + 1), CultureInfo.InvariantCulture);
        _job = await directory.OpenAsync(key[..slash], cancellationToken);
        _lastTick = time.GetUtcNow();
        _table = memory.State.Get() is { } saved
            ? PartitionTable.Restore(saved, options, Guid.NewGuid, _lastTick)
            : new PartitionTable(_job.Run, _job.Document.Output, _number, options, Guid.NewGuid);
        CoordinatorMetrics.Partitions.Add(_gauges);
        this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(Period, Period));
    }

    /// <summary>What its workers gave back before it was stopped must not wait for leases to run out after it is started again.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        CoordinatorMetrics.Partitions.Remove(_gauges);
        if (!_changed || _isClosed) return;
        try
        {
            await SaveAsync();
        }
        catch (Exception exception) when (exception is InconsistentStateException or IOException)
        {
            LogTickFailed(_job.Run, _number, exception);
        }
    }

    public async Task<PartitionStatus> Open(int firstSegment, int segments)
    {
        if (segments > _segments)
        {
            List<ShardRange> shards = [];
            for (int s = firstSegment + _segments; s < firstSegment + segments; s++)
                shards.AddRange(ShardsOf(await SegmentOutline.ReadAsync(_job.Store, s, CancellationToken.None)));
            // Whatever was committed before this activation.
            foreach (CommitRecord record in await CommitsAsync(shards[0].Planned, shards[^1].Planned)) _table.Apply(record);
            _table.Add(shards);
            _segments = segments;
            _changed = true;
        }
        return new PartitionStatus(_table.Counts, _table.IsComplete, _segments, !_isClosed && _table.HasWaiting)
        {
            HasStraggler = !_isClosed && _table.HasStraggler(time.GetUtcNow()),
            Waiting = _table.Waiting,
            Leased = _table.Leased,
            DeviceTime = _table.DeviceTime,
        };
    }

    public Task<Lease?> TryLease(string worker) => TryLease(worker, 1);

    public async Task<Lease?> TryLease(string worker, int pieces)
    {
        while (!_isClosed && _table.NextCandidate(out bool askStore) is { } shard)
        {
            if (askStore)
            {
                if (await FindCommitAsync(shard.Id) is { } record) Apply(record);
                else _table.ConfirmUncommitted(shard.Id);
                continue;
            }
            _changed = true;
            if (_table.TryDivide(pieces) is { } division)
            {
                await DecideAsync([division]);
                // If it was the last that waited nobody may ask any more; they need not wait until the job's timer does.
                if (_table.Waiting <= division.Split!.Children!.Count) GrainFactory.TellJob(_job.Run);
                continue;
            }
            Lease? lease = _table.TryLease(worker, time.GetUtcNow());
            if (lease is not null) CoordinatorMetrics.Leased(lease.Epoch);
            return lease;
        }
        return null;
    }

    public Task<Lease?> TryLeaseAgain(string worker) => TryLeaseAgain(worker, 1);

    public async Task<Lease?> TryLeaseAgain(string worker, int idle)
    {
        if (_isClosed) return null;
        // What is worth dividing waits now.
        if (_table.TryLeaseAgain(worker, time.GetUtcNow(), idle) is not { } lease) return _table.HasWaiting ? await TryLease(worker, idle) : null;
        _changed = true;
        CoordinatorMetrics.Leased(lease.Epoch);
        LogLeasedAgain(_job.Run, lease.Shard.Id, lease.Attempt, worker);
        // Its first worker may have put its record a moment ago, and not told yet.
        if (await FindCommitAsync(lease.Shard.Id) is not { } record) return lease;
        Apply(record);
        return null;
    }

    public Task<bool> Begin(LeaseKey lease)
    {
        _changed = true;
        return Task.FromResult(Heard(!_isClosed && _table.Begin(lease.Shard, lease.Epoch, lease.Token, time.GetUtcNow())));
    }

    public Task<bool> Renew(LeaseKey lease, int imagesDone) =>
        Task.FromResult(Heard(!_isClosed && _table.Renew(lease.Shard, lease.Epoch, lease.Token, imagesDone, time.GetUtcNow())));

    public async Task Complete(LeaseKey lease)
    {
        // The caller's word is not enough, and its lease need not hold: what counts is the record.
        if (_table.IsClosed(lease.Shard) || await FindCommitAsync(lease.Shard) is not { } record) return;
        Apply(record);
        // A worker that leaves in the middle commits what it has finished as the first child.
        if (record is { Children: not null, Run: not null } && await FindCommitAsync(record.Shard + ".0") is { } finished) Apply(finished);
        CoordinatorMetrics.LeaseEvent(LeaseEvents.Completed);
        _changed = true;
        if (_table.IsComplete) GrainFactory.TellJob(_job.Run);
    }

    public Task Release(LeaseKey lease, string? reason)
    {
        if (_table.Release(lease.Shard, lease.Epoch, lease.Token, time.GetUtcNow(), reason)) CoordinatorMetrics.LeaseEvent(LeaseEvents.GivenBack);
        _changed = true;
        return Task.CompletedTask;
    }

    public async Task SiloDied(string silo)
    {
        _changed = true;
        int leased = _table.Leased;
        IReadOnlyList<Decision> decisions = _table.WorkerDied(silo, time.GetUtcNow());
        CoordinatorMetrics.LeaseEvent(LeaseEvents.SiloDied, leased - _table.Leased);
        await DecideAsync(decisions);
    }

    public Task Close()
    {
        _isClosed = true;
        DeactivateOnIdle();
        return memory.ClearStateAsync();
    }

    public Task<PartitionDescription> Describe() =>
        Task.FromResult(new PartitionDescription(_table.ShardCounts, _table.Leases(), _table.FailedAttempts, _table.Threads));

    private async Task Tick(CancellationToken cancellation)
    {
        if (_isClosed) return;
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            // A grain that did not run could not be told of renewals.
            if (now - _lastTick > options.Renewal + Period) _table.WasAway(now);
            _lastTick = now;
            int leased = _table.Leased;
            _table.Expire(now);
            CoordinatorMetrics.LeaseEvent(LeaseEvents.Expired, leased - _table.Leased);
            _gauges.Set(_table.Waiting, _table.Leased);
            await DecideAsync(_table.PendingDecisions);
            if (_changed) await SaveAsync();
        }
        catch (InconsistentStateException)
        {
            LogOtherActivation(_job.Run, _number);
            DeactivateOnIdle();
        }
        catch (Exception exception) when (exception is IOException or DocumentException)
        {
            _changed = true;
            LogTickFailed(_job.Run, _number, exception);
        }
    }

    private Task SaveAsync()
    {
        _changed = false;
        memory.State.Set(_table.Save());
        return memory.WriteStateAsync(CancellationToken.None);
    }

    /// <summary>Puts the records that the table has decided on; what is then in the store is what counts.</summary>
    private async Task DecideAsync(IReadOnlyList<Decision> decisions)
    {
        foreach (Decision decision in decisions)
        {
            CommitRecord record = decision.Split ?? _table.GiveUpRecord(decision.Shard.Id, await ImageNameAsync(decision.Shard));
            if (decision.Kind == DecisionKind.Divide) LogDivided(_job.Run, decision.Shard.Id, record.Children!.Count);
            else LogDecision(_job.Run, decision.Shard.Id, record.Attempt, decision.Kind);
            Apply(await _job.Store.PutDocumentAsync(JobLayout.Commit(decision.Shard.Id), record, CancellationToken.None));
            _changed = true;
        }
    }

    private void Apply(CommitRecord record)
    {
        bool isNew = !_table.IsClosed(record.Shard);
        _table.Apply(record);
        if (isNew) CoordinatorMetrics.Ended(record);
    }

    private static bool Heard(bool holds)
    {
        CoordinatorMetrics.LeaseEvent(holds ? LeaseEvents.Renewed : LeaseEvents.Refused);
        return holds;
    }

    private IEnumerable<ShardRange> ShardsOf(SegmentOutline segment)
    {
        long first = segment.First;
        for (int i = 0; i < segment.Shards.Count; i++)
        {
            int planned = segment.FirstShard + i;
            if (planned / ClusterConstants.ShardsPerPartition == _number) yield return new ShardRange(JobLayout.ShardId(planned), segment.Index, first, segment.Shards[i]);
            first += segment.Shards[i];
        }
    }

    /// <summary>The records of some planned shards and their descendants.</summary>
    private async Task<List<CommitRecord>> CommitsAsync(int firstShard, int lastShard)
    {
        List<string> shards = [];
        await foreach (string shard in _job.Commits.ListAsync(JobLayout.ShardId(firstShard), JobLayout.ShardId(lastShard), CancellationToken.None))
        {
            if (!_table.IsClosed(shard)) shards.Add(shard);
        }
        // A state that was lost leaves a thousand of them to be read.
        List<CommitRecord> records = [];
        foreach (string[] some in shards.Chunk(MostReadsAtOnce)) records.AddRange((await Task.WhenAll(some.Select(FindCommitAsync))).OfType<CommitRecord>());
        return records;
    }

    private Task<CommitRecord?> FindCommitAsync(string shard) => _job.Commits.FindAsync(shard, CancellationToken.None);

    private async Task<string> ImageNameAsync(ShardRange shard)
    {
        SegmentDocument segment = await _job.Store.ReadDocumentAsync<SegmentDocument>(JobLayout.Segment(shard.Segment), CancellationToken.None);
        return segment.Images[(int)(shard.First - segment.First)].Name;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: workers did not survive the shard: {Decision}")]
    private partial void LogDecision(string job, string shard, string attempt, DecisionKind decision);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job}, shard {Shard}: it is divided into {Pieces}, as fewer shards wait than there are workers")]
    private partial void LogDivided(string job, string shard, int pieces);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: it is leased to {Worker}, too, or instead, as its worker is slow or has it for later")]
    private partial void LogLeasedAgain(string job, string shard, string attempt, string worker);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, partition {Partition}: another activation has written its state; this one ends")]
    private partial void LogOtherActivation(string job, int partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, partition {Partition}: a step failed; it is tried again")]
    private partial void LogTickFailed(string job, int partition, Exception exception);
}
