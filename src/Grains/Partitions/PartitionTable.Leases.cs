using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Partitions;

public sealed partial class PartitionTable
{
    private const int MostReports = 100;

    private readonly LinkedList<AttemptReport> _failedAttempts = [];

    /// <summary>Attempts that came to nothing, newest first, at most 100.</summary>
    public IReadOnlyList<AttemptReport> FailedAttempts => [.. _failedAttempts];

    /// <summary>Records that this partition has to put, among them those of an earlier activation. Put each until its outcome is known.</summary>
    public IReadOnlyList<Decision> PendingDecisions => [.. _held.Values.Select(Pending)];

    /// <summary>Leases that are held now, oldest first.</summary>
    public IReadOnlyList<LeaseReport> Leases() =>
        [.. _leased.Values.SelectMany(s => s.Leases, (s, lease) => (Shard: s, Lease: lease)).OrderBy(l => l.Lease.Given.Since).ThenBy(l => l.Shard.Range.Id, StringComparer.Ordinal).Select(l => new LeaseReport(
            l.Shard.Range.Id, l.Shard.Range.Count, l.Lease.Given.Worker, l.Lease.Epoch, l.Lease.Begun, l.Lease.Given.Since, l.Lease.LastRenewal, l.Lease.ImagesDone, l.Shard.Suspicions))];

    /// <summary>The shard that would be leased next, or null.</summary>
    /// <param name="askStore">
    /// Whether an earlier attempt may have committed it. Then it is leased only after its owner has looked for its commit
    /// record and called <see cref="Apply"/> or <see cref="ConfirmUncommitted"/>.
    /// </param>
    public ShardRange? NextCandidate(out bool askStore)
    {
        ShardEntry? next = _waiting.Count > 0 ? _shards[_waiting.Min.Id] : null;
        askStore = next?.AskStore ?? false;
        return next?.Range;
    }

    /// <summary>There is no commit record of a shard: it may be leased again.</summary>
    public void ConfirmUncommitted(string shard)
    {
        if (_shards.TryGetValue(shard, out ShardEntry? entry)) entry.AskStore = false;
    }

    /// <summary>Leases the next shard that the store need not be asked for.</summary>
    /// <param name="worker">Who asks: <c>silo/device</c>.</param>
    /// <param name="now">The time.</param>
    /// <returns>The lease; null when nothing waits, or the worker has a lease that wants it for itself.</returns>
    public Lease? TryLease(string worker, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(worker);
        if (IsAlone(worker)) return null;
        foreach (WaitingPlace place in _waiting)
        {
            ShardEntry shard = _shards[place.Id];
            if (!shard.AskStore) return Give(shard, worker, now);
        }
        return null;
    }

    /// <summary>The first image is about to be decoded: from now on the lease's end is a suspicion.</summary>
    /// <returns>False: the lease is no more; drop the shard.</returns>
    public bool Begin(string shard, int epoch, Guid token, DateTimeOffset now)
    {
        if (Find(shard, epoch, token) is not { } found) return false;
        SetBegun(found.Lease, now);
        SignOfLife(found.Lease, now);
        return true;
    }

    /// <summary>Its worker lives and wants to keep it. A lease past its deadline that was not taken away yet goes on.</summary>
    /// <returns>False: the lease is no more; drop the shard.</returns>
    public bool Renew(string shard, int epoch, Guid token, int imagesDone, DateTimeOffset now)
    {
        if (Find(shard, epoch, token) is not { } found) return false;
        found.Lease.ImagesDone = Math.Clamp(imagesDone, found.Lease.ImagesDone, found.Shard.Range.Count);
        // That it began was not heard of.
        if (imagesDone > 0) SetBegun(found.Lease, found.Lease.Given.Since);
        if (found.Lease.ImagesDone > 0) found.Lease.FirstDone ??= (now, found.Lease.ImagesDone);
        SignOfLife(found.Lease, now);
        return true;
    }

    /// <summary>Its worker gives it back, as it is drained: no suspicion.</summary>
    /// <returns>False: the lease was no more.</returns>
    public bool Release(string shard, int epoch, Guid token, DateTimeOffset now, string? reason = null)
    {
        if (Find(shard, epoch, token) is not { } found) return false;
        // What is handed back before it was begun, and without trouble, was no attempt.
        End(found.Shard, found.Lease, now, found.Lease.Begun ? reason ?? "released" : reason, suspicious: false);
        return true;
    }

    /// <summary>Ends the leases whose deadline has passed.</summary>
    /// <returns>What has to be put now; it is among <see cref="PendingDecisions"/>, too.</returns>
    public IReadOnlyList<Decision> Expire(DateTimeOffset now) =>
        EndAll(lease => lease.Deadline <= now, now, "its lease ran out");

    /// <summary>Ends all leases of a silo's workers.</summary>
    /// <param name="silo">What is before the <c>/</c> in the workers' ids.</param>
    /// <param name="now">The time.</param>
    /// <returns>What has to be put now; it is among <see cref="PendingDecisions"/>, too.</returns>
    public IReadOnlyList<Decision> WorkerDied(string silo, DateTimeOffset now) =>
        EndAll(lease => lease.Given.Worker.StartsWith(silo, StringComparison.Ordinal) && lease.Given.Worker.AsSpan(silo.Length) is ['/', ..], now, "its silo died");

    /// <summary>
    /// The partition itself was away, so that renewals could not reach it: every lease gets a fresh deadline, and its end is no
    /// suspicion until there was a sign of life.
    /// </summary>
    public void WasAway(DateTimeOffset now)
    {
        foreach (LeaseEntry lease in _leased.Values.SelectMany(shard => shard.Leases))
        {
            lease.Deadline = now + _options.TimeToLive;
            lease.Witnessed = false;
        }
    }

    /// <summary>The record that gives up the image of a <see cref="DecisionKind.GiveUp"/>.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="imageName">The image's name, which the table does not know.</param>
    /// <exception cref="InvalidOperationException">Nothing was decided on the shard, or something else.</exception>
    public CommitRecord GiveUpRecord(string shard, string imageName)
    {
        if (!_held.TryGetValue(shard, out ShardEntry? entry) || entry.Range.Count != 1)
            throw new InvalidOperationException($"Shard {shard} is not to be given up; expected one of the decisions that are pending.");
        return CommitRules.GiveUp(entry.Range, entry.Decision!, imageName);
    }

    private Lease Give(ShardEntry shard, string worker, DateTimeOffset now)
    {
        Leave(shard);
        shard.Status = ShardStatus.Leased;
        shard.AskStore = true;
        shard.Lease = NewLease(shard, worker, now);
        _leased.Add(shard.Range.Id, shard);
        return Given(shard, shard.Lease);
    }

    private LeaseEntry NewLease(ShardEntry shard, string worker, DateTimeOffset now)
    {
        shard.Epoch++;
        var given = new LeaseSnapshot { Worker = worker, Token = _newToken(), Attempt = _newToken().ToString("N"), Alone = shard.IsAlone, Since = now, LastRenewal = now };
        return new LeaseEntry(given, shard.Epoch) { Deadline = now + _options.TimeToLive };
    }

    private Lease Given(ShardEntry shard, LeaseEntry lease) => new()
    {
        Job = Job,
        Output = Output,
        Partition = Partition,
        Shard = shard.Range,
        Epoch = lease.Epoch,
        Token = lease.Given.Token,
        Attempt = lease.Given.Attempt,
        TimeToLive = _options.TimeToLive,
        Alone = lease.Given.Alone,
    };

    private bool IsAlone(string worker) => _leased.Values.Any(s => s.Lease!.Given.Alone && s.Lease.Given.Worker == worker);

    private (ShardEntry Shard, LeaseEntry Lease)? Find(string shard, int epoch, Guid token)
    {
        if (!_leased.TryGetValue(shard, out ShardEntry? entry)) return null;
        foreach (LeaseEntry lease in entry.Leases)
        {
            if (_options.SameLease((lease.Epoch, lease.Given.Token), (epoch, token))) return (entry, lease);
        }
        return null;
    }

    private static void SetBegun(LeaseEntry lease, DateTimeOffset when)
    {
        if (!lease.Begun) (lease.Begun, lease.BegunAt) = (true, when);
    }

    private void SignOfLife(LeaseEntry lease, DateTimeOffset now)
    {
        lease.LastRenewal = now;
        lease.Deadline = now + _options.TimeToLive;
        lease.Witnessed = true;
    }

    private List<Decision> EndAll(Predicate<LeaseEntry> which, DateTimeOffset now, string how)
    {
        List<Decision> decisions = [];
        (ShardEntry Shard, LeaseEntry Lease)[] ended = [.. _leased.Values.OrderBy(s => s.Range.Id, StringComparer.Ordinal).SelectMany(s => s.Leases.Where(lease => which(lease)), (s, lease) => (s, lease))];
        foreach ((ShardEntry shard, LeaseEntry lease) in ended)
        {
            End(shard, lease, now, how, suspicious: true);
            if (shard.Status == ShardStatus.Held) decisions.Add(Pending(shard));
        }
        return decisions;
    }

    private void End(ShardEntry shard, LeaseEntry lease, DateTimeOffset now, string? how, bool suspicious)
    {
        // A lease that was not begun, or that nobody heard of since the partition was away, says nothing on its shard.
        bool suspicion = suspicious && lease is { Begun: true, Witnessed: true };
        if (how is not null) Report(shard, lease, now, how, suspicion);
        if (suspicion) shard.Suspicions++;
        if (suspicion && lease.Given.Alone) shard.AloneDeaths++;
        if ((lease == shard.Lease ? shard.Second : shard.Lease) is { } other)
        {
            // Another worker has it, too.
            (shard.Lease, shard.Second) = (other, null);
            return;
        }
        Leave(shard);
        if (suspicion && (shard.Range.Count > 1 ? shard.Suspicions >= _options.SuspicionsBeforeSplit : shard.AloneDeaths >= _options.DeathsBeforeGivingUp))
            Hold(shard, _newToken().ToString("N"));
        else
            Wait(shard);
    }

    private void Hold(ShardEntry shard, string attempt)
    {
        shard.Status = ShardStatus.Held;
        shard.Decision = attempt;
        _held.Add(shard.Range.Id, shard);
    }

    private static Decision Pending(ShardEntry shard) => shard switch
    {
        { Pieces: > 1 } => new Decision(DecisionKind.Divide, shard.Range, CommitRules.Divide(shard.Range, shard.Decision!, shard.Pieces)),
        { Range.Count: > 1 } => new Decision(DecisionKind.Split, shard.Range, CommitRules.Split(shard.Range, shard.Decision!)),
        _ => new Decision(DecisionKind.GiveUp, shard.Range, null),
    };

    private void Report(ShardEntry shard, LeaseEntry lease, DateTimeOffset ended, string how, bool suspicion)
    {
        if (lease.Begun) AddLost(lease);
        Note(shard, lease, ended, how, suspicion);
    }

    private void Note(ShardEntry shard, LeaseEntry lease, DateTimeOffset ended, string how, bool suspicion)
    {
        _failedAttempts.AddFirst(new AttemptReport(shard.Range.Id, lease.Given.Attempt, lease.Given.Worker, lease.Given.Since, ended, how, suspicion));
        if (_failedAttempts.Count > MostReports) _failedAttempts.RemoveLast();
    }
}
