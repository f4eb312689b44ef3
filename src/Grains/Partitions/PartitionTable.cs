using System.Globalization;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Partitions;

/// <summary>
/// At most 1 024 planned shards and their children: who works on what, and which have come to an end. It knows no clock and
/// no store; its owner tells it the time and the commit records. Not for several threads. See docs/jobs.md.
/// </summary>
public sealed partial class PartitionTable
{
    private readonly LeaseOptions _options;
    private readonly Func<Guid> _newToken;
    private readonly List<ShardEntry> _order = [];
    private readonly Dictionary<string, ShardEntry> _shards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ShardEntry> _leased = new(StringComparer.Ordinal);
    private readonly SortedSet<WaitingPlace> _waiting = [];
    private readonly SortedDictionary<string, ShardEntry> _held = new(StringComparer.Ordinal);

    /// <summary>Records that came before their shards: a child's name sorts before its parent's.</summary>
    private readonly Dictionary<string, CommitRecord> _early = new(StringComparer.Ordinal);

    private readonly SortedSet<int> _threads = [];

    private bool _restored;
    private int _open;

    /// <summary>A partition without shards.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="output">The job's folder.</param>
    /// <param name="partition">Number of the partition.</param>
    /// <param name="options">Times and limits.</param>
    /// <param name="newToken">Random ids: tokens and names of attempts.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PartitionTable(string job, string output, int partition, LeaseOptions options, Func<Guid> newToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        ArgumentException.ThrowIfNullOrEmpty(output);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(newToken);
        options.Validate();
        (Job, Output, Partition) = (job, output, partition);
        (_options, _newToken) = (options, newToken);
    }

    /// <summary>The job's id.</summary>
    public string Job { get; }

    /// <summary>The job's folder.</summary>
    public string Output { get; }

    /// <summary>Number of the partition.</summary>
    public int Partition { get; }

    /// <summary>Images; done and failed never fall.</summary>
    public ImageCounts Counts { get; private set; }

    /// <summary>Whether every shard that was added is committed, or stands for its children and they are.</summary>
    public bool IsComplete => _open == 0;

    /// <summary>Whether a shard waits for a worker, perhaps after the store was asked.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Shards that wait for a worker, those about which something is decided among them.</summary>
    internal int Waiting => _waiting.Count + _held.Count;

    /// <summary>Shards that a worker has.</summary>
    internal int Leased => _leased.Count;

    /// <summary>With how many threads the committed shards were computed, ascending.</summary>
    public IReadOnlyList<int> Threads => [.. _threads];

    /// <summary>Whether a worker has a shard.</summary>
    public bool HasLeased => _leased.Count > 0;

    /// <summary>Shards by what has become of them: <c>committed</c>, <c>split</c>, <c>leased</c>, <c>waiting</c>.</summary>
    public IReadOnlyDictionary<string, long> ShardCounts
    {
        get
        {
            long Count(params ReadOnlySpan<ShardStatus> statuses)
            {
                long count = 0;
                foreach (ShardEntry shard in _order) count += statuses.Contains(shard.Status) ? 1 : 0;
                return count;
            }
            return new Dictionary<string, long>
            {
                ["committed"] = Count(ShardStatus.Committed),
                ["split"] = Count(ShardStatus.Split),
                ["leased"] = Count(ShardStatus.Leased),
                ["waiting"] = Count(ShardStatus.Waiting, ShardStatus.Held),
            };
        }
    }

    /// <summary>Whether a shard is known here.</summary>
    public bool Contains(string shard) => _shards.ContainsKey(shard);

    /// <summary>Whether a shard's commit record is known here: it need not be read again.</summary>
    public bool IsClosed(string shard) => _shards.TryGetValue(shard, out ShardEntry? entry) && entry.IsClosed;

    /// <summary>Adds planned shards. Of those that are there already nothing changes.</summary>
    /// <exception cref="ArgumentException">A shard of this id is there with other images.</exception>
    public void Add(IEnumerable<ShardRange> shards)
    {
        foreach (ShardRange shard in shards)
        {
            if (_shards.TryGetValue(shard.Id, out ShardEntry? there))
            {
                if (there.Range != shard) throw new ArgumentException($"Shard {shard.Id} is {there.Range}; it was added again as {shard}. Expected the same images.", nameof(shards));
                continue;
            }
            Counts += new ImageCounts(shard.Count, 0, 0);
            _largest = Math.Max(_largest, shard.Count);
            // What was stored may be older than the last lease.
            Add(new ShardEntry(shard) { AskStore = _restored });
        }
    }

    /// <summary>
    /// Tells of a commit record that is in the store: at the start, after a complete, before a shard is leased again, and after
    /// a <see cref="Decision"/>. In any order; the same record again changes nothing. It ends the shard's lease, whoever
    /// holds it; a split adds the children.
    /// </summary>
    /// <exception cref="DocumentException">The record is not on this shard's images.</exception>
    public void Apply(CommitRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!_shards.TryGetValue(record.Shard, out ShardEntry? shard))
        {
            _early.TryAdd(record.Shard, record);
            return;
        }
        if (shard.IsClosed) return;
        CommitRules.Check(shard.Range, record);
        foreach (LeaseEntry lease in shard.Leases.Where(lease => lease.Given.Attempt != record.Attempt))
            Report(shard, lease, record.Run?.Finished ?? lease.LastRenewal, "another attempt was first", suspicion: false);
        // Nobody else can have leased a piece of what this table has divided just now.
        bool isOwn = shard.Pieces > 1 && shard.Decision == record.Attempt;
        Leave(shard);
        _open--;
        if (record.Children is { } children)
        {
            shard.Status = ShardStatus.Split;
            // Partitions split what is suspect, and the record may be all that is left of that.
            bool isSuspicion = record is { Run: null, IsDivision: null };
            if (isSuspicion) shard.Suspicions = Math.Max(shard.Suspicions, ShardEntry.SuspicionsOfLast);
            long first = shard.Range.First;
            for (int i = 0; i < children.Count; i++)
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"{shard.Range.Id}.{i}");
                // Another activation may have leased a child.
                Add(new ShardEntry(new ShardRange(id, shard.Range.Segment, first, children[i])) { AskStore = !isOwn, IsOfSuspect = shard.IsLast, Suspicions = isSuspicion ? 0 : shard.Suspicions });
                first += children[i];
            }
            return;
        }
        shard.Status = ShardStatus.Committed;
        (shard.Done, shard.Failed) = (record.Done, record.Failed);
        if (record.Run?.Threads is { } threads) _threads.Add(threads);
        if (record.Run is { } run) AddTime(run, record.Count);
        Counts += new ImageCounts(0, record.Done, record.Failed);
    }

    private void Add(ShardEntry shard)
    {
        _shards.Add(shard.Range.Id, shard);
        _order.Add(shard);
        _open++;
        Wait(shard);
        if (_early.Remove(shard.Range.Id, out CommitRecord? record)) Apply(record);
    }

    private void Wait(ShardEntry shard)
    {
        shard.Status = ShardStatus.Waiting;
        shard.Place = WaitingPlace.Of(shard);
        _waiting.Add(shard.Place.Value);
    }

    /// <summary>Takes a shard from wherever it is; what becomes of it is the caller's.</summary>
    private void Leave(ShardEntry shard)
    {
        if (shard.Place is { } place) _waiting.Remove(place);
        shard.Place = null;
        _leased.Remove(shard.Range.Id);
        (shard.Lease, shard.Second) = (null, null);
        _held.Remove(shard.Range.Id);
        (shard.Decision, shard.Pieces) = (null, 0);
    }
}
