using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Grains.Tests.Partitions;

/// <summary>
/// A cluster under an event queue: workers take shards, read one ahead, renew, are killed at random, and by the images that kill.
/// No real time passes.
/// </summary>
internal sealed class DeathSimulation
{
    private const int ShardsOfPartition = 1024;
    private const double SecondsToRestart = 3, SecondsIdle = 1;

    private static readonly DateTimeOffset Start = new(2026, 11, 22, 15, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly double _imageSeconds, _meanLife;
    private readonly HashSet<long> _poison;
    private readonly List<PartitionTable> _tables = [];
    private readonly Dictionary<string, CommitRecord> _store = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Action, (double, long)> _events = new();
    private readonly LeaseOptions _options = new();
    private double _now;
    private long _sequence;
    private int _first;

    public DeathSimulation(int seed, int shards, int images, double shardSeconds, double meanLife, IEnumerable<long> poison)
    {
        _random = new Random(seed);
        _imageSeconds = shardSeconds / images;
        _meanLife = meanLife;
        _poison = [.. poison];
        var tokens = new Tokens(seed);
        for (int first = 0; first < shards; first += ShardsOfPartition)
        {
            var table = new PartitionTable("job", "/out/job", _tables.Count, _options, tokens.Next);
            table.Add(Enumerable.Range(first, Math.Min(ShardsOfPartition, shards - first)).Select(i => new ShardRange(JobLayout.ShardId(i), 0, (long)i * images, images)));
            _tables.Add(table);
        }
    }

    private sealed class Process(string silo)
    {
        public string Silo { get; } = silo;
        public bool Dead { get; set; }
        public List<Lease> Held { get; } = [];
        public Lease? Working { get; set; }
    }

    public int Deaths { get; private set; }

    public int Splits => _store.Values.Count(record => record.Children is not null);

    public IReadOnlyList<long> GivenUp => [.. _store.Values.Where(record => record.GivenUp is not null).Select(record => record.First).Order()];

    public ImageCounts Counts => _tables.Aggregate(default(ImageCounts), (sum, table) => sum + table.Counts);

    public double Hours => _now / 3600;

    public void Run(int workers, double mostHours)
    {
        for (int worker = 0; worker < workers; worker++) Begin(worker, 0);
        At(1, Sweep);
        while (_first < _tables.Count)
        {
            if (!_events.TryDequeue(out Action? action, out (double Time, long) key)) throw new InvalidOperationException("Nothing happens any more, and shards are left.");
            if (key.Time > mostHours * 3600) throw new InvalidOperationException($"After {mostHours} hours there is {Counts}.");
            _now = key.Time;
            action();
            while (_first < _tables.Count && _tables[_first].IsComplete) _first++;
        }
    }

    /// <summary>A process of a worker, from its start to its death.</summary>
    private void Begin(int worker, int generation)
    {
        var process = new Process($"{worker}@{generation}");
        double life = -Math.Log(1 - _random.NextDouble()) * _meanLife;
        At(life, () => Die(process, worker, generation));
        At(0, () => Next(process, worker, generation));
        At(_options.Renewal.TotalSeconds, () => Renew(process));
    }

    private void Die(Process process, int worker, int generation)
    {
        if (process.Dead) return;
        process.Dead = true;
        Deaths++;
        // Half of the deaths are noticed by membership, the others by the lease alone.
        if (_random.Next(2) == 0) At(2, () => _tables.ForEach(table => Decide(table, table.WorkerDied(process.Silo, Time))));
        At(SecondsToRestart, () => Begin(worker, generation + 1));
    }

    /// <summary>Takes the next shard that it holds, and one ahead; a shard that wants to be alone waits until all else is done, and nothing is read beside it.</summary>
    private void Next(Process process, int worker, int generation)
    {
        if (process.Dead || process.Working is not null) return;
        Fill(process);
        if (process.Held.Count == 0)
        {
            At(SecondsIdle, () => Next(process, worker, generation));
            return;
        }
        Lease lease = process.Held[0];
        PartitionTable table = _tables[lease.Partition];
        if (!table.Begin(lease.Shard.Id, lease.Epoch, lease.Token, Time))
        {
            process.Held.Remove(lease);
            At(0, () => Next(process, worker, generation));
            return;
        }
        process.Working = lease;
        int fatal = Enumerable.Range(0, lease.Shard.Count).FirstOrDefault(i => _poison.Contains(lease.Shard.First + i), -1);
        if (fatal >= 0) At((fatal + 1) * _imageSeconds, () => Die(process, worker, generation));
        else At(lease.Shard.Count * _imageSeconds, () => Finish(process, worker, generation, lease));
    }

    private void Finish(Process process, int worker, int generation, Lease lease)
    {
        if (process.Dead) return;
        ShardRange shard = lease.Shard;
        _store.TryAdd(shard.Id, new CommitRecord { Shard = shard.Id, Segment = 0, First = shard.First, Count = shard.Count, Attempt = lease.Attempt, Done = shard.Count });
        _tables[lease.Partition].Apply(_store[shard.Id]);
        process.Held.Remove(lease);
        process.Working = null;
        Next(process, worker, generation);
    }

    private void Fill(Process process)
    {
        while (process.Held.Count < 2 && !process.Held.Any(lease => lease.Alone) && TryLease(process) is { } lease) process.Held.Add(lease);
    }

    private Lease? TryLease(Process process)
    {
        for (int i = _first; i < _tables.Count; i++)
        {
            PartitionTable table = _tables[i];
            while (table.NextCandidate(out bool askStore) is { } candidate && askStore)
            {
                if (_store.TryGetValue(candidate.Id, out CommitRecord? record)) table.Apply(record);
                else table.ConfirmUncommitted(candidate.Id);
            }
            if (table.TryLease(process.Silo + "/cpu", Time) is { } lease) return lease;
        }
        return null;
    }

    private void Renew(Process process)
    {
        if (process.Dead) return;
        process.Held.RemoveAll(lease => lease != process.Working && !_tables[lease.Partition].Renew(lease.Shard.Id, lease.Epoch, lease.Token, 0, Time));
        if (process.Working is { } working) _tables[working.Partition].Renew(working.Shard.Id, working.Epoch, working.Token, 1, Time);
        At(_options.Renewal.TotalSeconds, () => Renew(process));
    }

    private void Sweep()
    {
        for (int i = _first; i < _tables.Count; i++)
        {
            if (_tables[i].HasLeased) Decide(_tables[i], _tables[i].Expire(Time));
        }
        At(1, Sweep);
    }

    private void Decide(PartitionTable table, IReadOnlyList<Decision> decisions)
    {
        foreach (Decision decision in decisions)
        {
            _store.TryAdd(decision.Shard.Id, decision.Split ?? table.GiveUpRecord(decision.Shard.Id, $"{decision.Ordinal}.png"));
            table.Apply(_store[decision.Shard.Id]);
        }
    }

    private DateTimeOffset Time => Start + TimeSpan.FromSeconds(_now);

    private void At(double seconds, Action action) => _events.Enqueue(action, (_now + seconds, _sequence++));
}
