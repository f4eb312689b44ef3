namespace MaskRcnn.Grains.Partitions;

/// <summary>What a partition knows of a shard.</summary>
internal sealed class ShardEntry(ShardRange range)
{
    /// <summary>From so many suspicions on all others go first.</summary>
    public const int SuspicionsOfLast = 2;

    public ShardRange Range { get; } = range;

    public ShardStatus Status { get; set; }

    /// <summary>An attempt that the partition may not know the end of may have committed it: ask before it is leased.</summary>
    public bool AskStore { get; set; }

    public int Epoch { get; set; }

    public int Suspicions { get; set; }

    public int AloneDeaths { get; set; }

    public int Done { get; set; }

    public int Failed { get; set; }

    /// <summary>The attempt of the record that is being put, while it is held.</summary>
    public string? Decision { get; set; }

    /// <summary>Into how many children it is being divided, while it is held for that; else 0.</summary>
    public int Pieces { get; set; }

    public LeaseEntry? Lease { get; set; }

    /// <summary>A second lease, while the first one's worker is slow.</summary>
    public LeaseEntry? Second { get; set; }

    /// <summary>Whether an idle worker has taken it from one that had it for later: that is done once, so that it does not go to and fro.</summary>
    public bool WasTaken { get; set; }

    /// <summary>The leases that are held.</summary>
    public IEnumerable<LeaseEntry> Leases => new[] { Lease, Second }.OfType<LeaseEntry>();

    /// <summary>Its place among the waiting, while it waits.</summary>
    public WaitingPlace? Place { get; set; }

    public bool IsClosed => Status is ShardStatus.Committed or ShardStatus.Split;

    /// <summary>Whether it is a child of a shard that workers did not survive: nobody knows yet which half it was. What a worker that left did not come to is as suspect as its parent was.</summary>
    public bool IsOfSuspect { get; init; }

    public bool IsSuspect => Suspicions > 0 || IsOfSuspect;

    /// <summary>Whether all others go before it.</summary>
    public bool IsLast => IsOfSuspect || Suspicions >= SuspicionsOfLast;

    /// <summary>Whether a death must be its fault, and its worker do nothing beside it.</summary>
    public bool IsAlone => Range.Count == 1 && IsSuspect;
}

/// <summary>A lease that is held.</summary>
internal sealed class LeaseEntry(LeaseSnapshot given, int epoch)
{
    public LeaseSnapshot Given { get; } = given;

    /// <summary>How often the shard had been leased then.</summary>
    public int Epoch { get; } = epoch;

    public bool Begun { get; set; } = given.Begun;

    /// <summary>When its first image was begun, as far as that is known: until then it waited for its worker's last shard.</summary>
    public DateTimeOffset BegunAt { get; set; } = given.BegunAt ?? given.Since;

    public int ImagesDone { get; set; } = given.ImagesDone;

    public DateTimeOffset LastRenewal { get; set; } = given.LastRenewal;

    /// <summary>When images were first said to be done, and how many: from there on its pace is known. Before, it may have waited for those of its worker's last shard.</summary>
    public (DateTimeOffset At, int Images)? FirstDone { get; set; }

    public DateTimeOffset Deadline { get; set; }

    /// <summary>Whether there was a sign of life since the partition was last away; if not, its end says nothing on its shard.</summary>
    public bool Witnessed { get; set; } = true;

    public LeaseSnapshot Snapshot() => Given with { Begun = Begun, BegunAt = Begun ? BegunAt : null, ImagesDone = ImagesDone, LastRenewal = LastRenewal, Epoch = Epoch };
}

/// <summary>
/// The order of leasing: shards that were begun or given back before, then those never leased, then those that have shown twice that they may kill
/// their worker, so that a killer does not hold up the healthy work. One death shows little: most are of machines, and somebody waits for the
/// shard. Suspects are not starved: there are at most 1 024 planned shards before them.
/// </summary>
internal readonly record struct WaitingPlace(int Rank, long First, string Id) : IComparable<WaitingPlace>
{
    public static WaitingPlace Of(ShardEntry shard) => new(shard.IsLast ? 2 : shard.Epoch > 0 ? 0 : 1, shard.Range.First, shard.Range.Id);

    public int CompareTo(WaitingPlace other)
    {
        int order = Rank.CompareTo(other.Rank);
        if (order == 0) order = First.CompareTo(other.First);
        return order != 0 ? order : string.CompareOrdinal(Id, other.Id);
    }
}
