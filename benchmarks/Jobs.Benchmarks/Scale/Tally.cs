using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Jobs.Benchmarks.Scale;

/// <summary>What all simulated workers did, in device-seconds of the simulation. For many threads.</summary>
/// <param name="time">The simulation's clock.</param>
internal sealed class Tally(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<DateTimeOffset> _waiting = [];
    private readonly HashSet<string> _leased = new(StringComparer.Ordinal);
    private DateTimeOffset? _first;
    private double _waited;

    /// <summary>Work that ended in the shard's record.</summary>
    public double Useful { get; private set; }

    /// <summary>Work that did not: its worker was lost, or another's record was first.</summary>
    public double Repeated { get; private set; }

    /// <summary>Waiting for a shard, from the first shard of all to the last one's end; start-ups apart.</summary>
    public double Idle => _waited + _waiting.Sum(since => Math.Max(0, (LastCommit - since).TotalSeconds));

    public long Commits { get; private set; }

    /// <summary>Images that are in a record, each once.</summary>
    public long Images { get; private set; }

    public int Losses { get; private set; }

    /// <summary>Shards that two workers did.</summary>
    public int Seconds { get; private set; }

    public int Leavings { get; private set; }

    /// <summary>When the first lease was given.</summary>
    public DateTimeOffset First => _first ?? default;

    /// <summary>When images were leased that nobody had had before, the last time.</summary>
    public DateTimeOffset LastFirstLease { get; private set; }

    /// <summary>When the last record was put.</summary>
    public DateTimeOffset LastCommit { get; private set; }

    public void Leased(Lease lease)
    {
        lock (_gate)
        {
            _first ??= time.GetUtcNow();
            if (_leased.Add(lease.Shard.Id) && !Above(lease.Shard.Id).Any(_leased.Contains)) LastFirstLease = time.GetUtcNow();
        }
    }

    /// <summary>A worker has waited for a shard and got one.</summary>
    public void Waited(DateTimeOffset since)
    {
        lock (_gate)
        {
            if (_first is not { } first) return;
            DateTimeOffset begin = since > first ? since : first, end = time.GetUtcNow();
            if (end > begin) _waited += (end - begin).TotalSeconds;
        }
    }

    /// <summary>A worker has waited for a shard, and there was none any more.</summary>
    public void WaitedInVain(DateTimeOffset since)
    {
        lock (_gate) _waiting.Add(since);
    }

    public void Finished(int images, double seconds, bool isMine)
    {
        lock (_gate)
        {
            if (!isMine)
            {
                Repeated += seconds;
                Seconds++;
                return;
            }
            Useful += seconds;
            Commits++;
            Images += images;
            LastCommit = time.GetUtcNow();
        }
    }

    /// <summary>A worker has stopped working on a shard that it had no more.</summary>
    public void Dropped(double seconds)
    {
        lock (_gate) Repeated += seconds;
    }

    public void Lost(double seconds)
    {
        lock (_gate)
        {
            Repeated += seconds;
            Losses++;
        }
    }

    public void Left()
    {
        lock (_gate) Leavings++;
    }

    /// <summary>The shards that a shard is a piece of.</summary>
    private static IEnumerable<string> Above(string shard)
    {
        for (int end = shard.LastIndexOf('.'); end >= 0; end = shard.LastIndexOf('.', end - 1)) yield return shard[..end];
    }
}
