using System.Text.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Tests.Partitions;

/// <summary>A property that a schedule found violated.</summary>
internal sealed class ViolationException(string message) : Exception(message);

/// <summary>
/// One random schedule: several workers, one or two activations of one partition over one store, fake time, lost calls and answers,
/// deaths, zombies, restarts. First chaos, then one fair worker until everything has ended.
/// </summary>
internal sealed class PartitionSchedule(int seed, IBlobStore store, bool compareTokens)
{
    private const int MostSettlingSteps = 5000;
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 15, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);
    private readonly Tokens _tokens = new(seed);
    private readonly List<Activation> _activations = [];
    private readonly List<WorkerTask> _tasks = [];
    private readonly List<WorkerTask> _old = [];
    private readonly List<ShardRange> _planned = [];
    private readonly HashSet<long> _poison = [];
    private PartitionState? _saved;
    private DateTimeOffset _now = Start;
    private ImageCounts _highest;
    private int _workers;

    /// <summary>What happened, to show that schedules are not all harmless.</summary>
    public (int Splits, int Divisions, int GivenUp, int Duplicates, int Refused) Seen { get; private set; }

    private sealed class Activation(PartitionTable table)
    {
        public PartitionTable Table { get; } = table;
        public ImageCounts Last { get; set; }
    }

    private sealed class WorkerTask(string worker, Activation owner, Lease lease)
    {
        public string Worker { get; } = worker;
        public Activation Owner { get; } = owner;
        public Lease Lease { get; } = lease;
        public bool Begun { get; set; }
        public bool Written { get; set; }
    }

    public void Run()
    {
        Plan();
        _activations.Add(new Activation(NewTable()));
        int steps = _random.Next(50, 400);
        for (int step = 0; step < steps; step++)
        {
            ChaosStep();
            Check();
        }
        Settle();
        CheckEnd();
    }

    private void Plan()
    {
        long first = 0;
        for (int planned = 0; planned < _random.Next(1, 6); planned++)
        {
            int count = _random.Next(1, 13);
            _planned.Add(new ShardRange(JobLayout.ShardId(planned), 0, first, count));
            first += count;
        }
        if (_random.Next(2) == 0) _poison.Add(_random.NextInt64(first));
    }

    private PartitionTable NewTable()
    {
        var table = new PartitionTable("job", "/out/job", 0, new LeaseOptions { SameLease = compareTokens ? static (a, b) => a == b : static (_, _) => true }, _tokens.Next);
        table.Add(_planned);
        foreach (CommitRecord record in Records()) table.Apply(record);
        return table;
    }

    private void ChaosStep()
    {
        Activation activation = Pick(_activations);
        switch (_random.Next(20))
        {
            case < 4: Ask(activation, $"silo{_random.Next(4)}/cpu", _random.Next(8) == 0); break;
            case < 10 when _tasks.Count > 0: Work(Pick(_tasks)); break;
            case 10 when _tasks.Count > 0: Kill(Pick(_tasks).Worker); break;
            case 11: Pass(_random.Next(1, 9)); break;
            case 12: foreach (Activation a in _activations) a.Table.Expire(_now); break;
            case 13: Decide(activation); break;
            case 14: _saved = activation.Table.Save(); break;
            case 15 when _random.Next(3) == 0: Restart(); break;
            case < 19 when _old.Count > 0: StaleCall(activation, Pick(_old)); break;
            case 19 when _tasks.Count > 0: Drain(Pick(_tasks)); break;
        }
    }

    /// <summary>A worker asks for work; where the answer is lost it never knows.</summary>
    private void Ask(Activation activation, string worker, bool lost)
    {
        if (activation.Table.NextCandidate(out bool askStore) is { } next && askStore)
        {
            if (Read(next.Id) is { } record) activation.Table.Apply(record);
            else activation.Table.ConfirmUncommitted(next.Id);
        }
        // It may be divided, which is put later.
        int idle = _random.Next(4);
        if (_random.Next(3) == 0) activation.Table.TryDivide(idle);
        if ((activation.Table.TryLease(worker, _now) ?? activation.Table.TryLeaseAgain(worker, _now, idle)) is not { } lease) return;
        var task = new WorkerTask(worker, activation, lease);
        _old.Add(task);
        if (!lost) _tasks.Add(task);
    }

    /// <summary>One step of a worker on a shard. It goes on where a refused renewal would have stopped it: it is a zombie then.</summary>
    private void Work(WorkerTask task)
    {
        Lease lease = task.Lease;
        PartitionTable table = task.Owner.Table;
        bool lost = _random.Next(6) == 0;
        if (!task.Begun)
        {
            bool began = table.Begin(lease.Shard.Id, lease.Epoch, lease.Token, _now);
            if (lost) return;
            if (!began) _tasks.Remove(task);
            if (!began) Seen = Seen with { Refused = Seen.Refused + 1 };
            task.Begun = began;
            if (began && Enumerable.Range(0, lease.Shard.Count).Any(i => _poison.Contains(lease.Shard.First + i))) Kill(task.Worker, sure: true);
        }
        else if (_random.Next(3) == 0)
        {
            bool keep = table.Renew(lease.Shard.Id, lease.Epoch, lease.Token, _random.Next(lease.Shard.Count + 1), _now);
            if (!keep && _random.Next(2) == 0) _tasks.Remove(task);
        }
        else if (!task.Written)
        {
            Put(Result(lease.Shard, lease.Attempt));
            task.Written = !lost;
        }
        else
        {
            if (!lost && Read(lease.Shard.Id) is { } record) table.Apply(record);
            if (!lost) _tasks.Remove(task);
        }
    }

    private void Drain(WorkerTask task)
    {
        _tasks.Remove(task);
        task.Owner.Table.Release(task.Lease.Shard.Id, task.Lease.Epoch, task.Lease.Token, _now);
    }

    /// <summary>Its process is gone; or it is only taken to be gone, and works on.</summary>
    private void Kill(string worker, bool sure = false)
    {
        if (sure || _random.Next(4) > 0) _tasks.RemoveAll(task => task.Worker == worker);
        if (_random.Next(2) == 0) foreach (Activation activation in _activations) activation.Table.WorkerDied(worker.Split('/')[0], _now);
    }

    private void Decide(Activation activation)
    {
        foreach (Decision decision in activation.Table.PendingDecisions)
        {
            Put(decision.Split ?? activation.Table.GiveUpRecord(decision.Shard.Id, $"image {decision.Ordinal}"));
            bool lost = _random.Next(4) == 0;
            if (!lost) activation.Table.Apply(Read(decision.Shard.Id)!);
        }
    }

    /// <summary>A new activation: from what was saved some time ago, or from the commits alone. The one before may live on beside it.</summary>
    private void Restart()
    {
        if (_activations.Count > 1 || _random.Next(2) == 0) _activations.RemoveAt(0);
        PartitionTable table = NewTable();
        if (_saved is not null && _random.Next(2) == 0)
        {
            PartitionTable restored = PartitionTable.Restore(_saved, new LeaseOptions(), _tokens.Next, _now);
            if (compareTokens) table = restored;
            foreach (CommitRecord record in Records()) table.Apply(record);
        }
        _activations.Add(new Activation(table));
    }

    /// <summary>A call by a lease that the table does not hold: nothing may change.</summary>
    private void StaleCall(Activation activation, WorkerTask task)
    {
        PartitionTable table = activation.Table;
        PartitionState before = table.Save();
        Lease lease = task.Lease;
        if (before.Shards.Any(s => s.Lease?.Token == lease.Token)) return;
        bool accepted = _random.Next(3) switch
        {
            0 => table.Begin(lease.Shard.Id, lease.Epoch, lease.Token, _now),
            1 => table.Renew(lease.Shard.Id, lease.Epoch, lease.Token, 1, _now),
            _ => table.Release(lease.Shard.Id, lease.Epoch, lease.Token, _now),
        };
        Require(!accepted, $"a stale token of {lease.Shard.Id} was accepted");
        Require(JsonSerializer.Serialize(before) == JsonSerializer.Serialize(table.Save()), $"a stale token of {lease.Shard.Id} changed the table");
    }

    private void Pass(int seconds) => _now += TimeSpan.FromSeconds(seconds);

    private void Settle()
    {
        for (int step = 0; _activations.Any(a => !a.Table.IsComplete); step++)
        {
            Require(step < MostSettlingSteps, "it does not end");
            foreach (WorkerTask zombie in _tasks.ToArray().Where(_ => _random.Next(2) == 0)) Work(zombie);
            foreach (Activation activation in _activations)
            {
                activation.Table.Expire(_now);
                Decide(activation);
                Ask(activation, $"fair{_workers++}/cpu", lost: false);
                Check();
            }
            Pass(1);
        }
        // Zombies that write when all is over.
        foreach (WorkerTask old in _old) Put(Result(old.Lease.Shard, old.Lease.Attempt));
    }

    private void Check()
    {
        foreach (Activation activation in _activations)
        {
            ImageCounts counts = activation.Table.Counts;
            Require(counts.Left >= 0 && counts.Total == _planned.Sum(s => s.Count), $"the counts do not sum: {counts}");
            Require(counts.Done >= activation.Last.Done && counts.Failed >= activation.Last.Failed, $"the counts fell from {activation.Last} to {counts}");
            activation.Last = counts;
        }
        // What was told once stays true after restarts, as each activation reads all records when it begins.
        ImageCounts newest = _activations[^1].Table.Counts;
        if (_activations.Count == 1) Require(newest.Done >= _highest.Done, $"done fell from {_highest} to {newest}");
        if (_activations.Count == 1) _highest = newest;
    }

    private void CheckEnd()
    {
        CommitRecord[] records = [.. Records()];
        CommitRecord[] leaves = [.. records.Where(record => record.Children is null)];
        long images = _planned.Sum(s => s.Count);
        long[] covered = [.. leaves.SelectMany(leaf => Enumerable.Range(0, leaf.Count).Select(i => leaf.First + i)).Order()];
        Require(covered.SequenceEqual(Enumerable.Range(0, (int)images).Select(i => (long)i)), $"images {string.Join(",", covered)} are in leaf commits; expected each of {images} once");
        Seen = Seen with { Splits = records.Length - leaves.Length, Divisions = records.Count(record => record.IsDivision == true), GivenUp = leaves.Count(leaf => leaf.GivenUp is not null), Duplicates = _activations.Count - 1 };
        var counts = new ImageCounts(images, leaves.Sum(leaf => leaf.Done), leaves.Sum(leaf => leaf.Failed));
        foreach (Activation activation in _activations) Require(activation.Table.Counts == counts, $"the table counts {activation.Table.Counts}, the store {counts}");
    }

    /// <summary>Attempts differ in what they count, so that a mix of two is seen.</summary>
    private CommitRecord Result(ShardRange shard, string attempt)
    {
        int failed = attempt[0] % (shard.Count + 1);
        return new CommitRecord { Shard = shard.Id, Segment = shard.Segment, First = shard.First, Count = shard.Count, Attempt = attempt, Done = shard.Count - failed, Failed = failed };
    }

    private void Put(CommitRecord record) =>
        store.WriteAsync(JobLayout.Commit(record.Shard), DocumentJson.Write(record), WriteCondition.Absent, record.Attempt, CancellationToken.None).GetAwaiter().GetResult();

    private CommitRecord? Read(string shard) => store.FindAsync(JobLayout.Commit(shard), CancellationToken.None).GetAwaiter().GetResult() is { } blob ? ReadBlob(blob.Name) : null;

    private List<CommitRecord> Records() =>
        [.. store.ListAsync(JobLayout.Commits, null, 1000, CancellationToken.None).ToBlockingEnumerable().SelectMany(page => page.Blobs).Select(blob => ReadBlob(blob.Name))];

    private CommitRecord ReadBlob(string name) => DocumentJson.Read<CommitRecord>(store.ReadAsync(name, null, CancellationToken.None).GetAwaiter().GetResult().Data, name);

    private T Pick<T>(List<T> list) => list[_random.Next(list.Count)];

    private void Require(bool holds, string violation)
    {
        if (!holds) throw new ViolationException($"Schedule {seed}: {violation}.");
    }
}
