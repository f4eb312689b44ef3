using MaskRcnn.Grains.Listing;

namespace MaskRcnn.Grains.Jobs;

/// <summary>Which segments hold which partition's shards. A segment may belong to two.</summary>
internal sealed class PartitionPlan
{
    private readonly List<(int First, int Count)> _partitions = [];
    private int _segments;

    /// <summary>How many partitions there are.</summary>
    public int Count => _partitions.Count;

    /// <summary>A partition's first segment, and how many there are.</summary>
    public (int First, int Count) this[int partition] => _partitions[partition];

    /// <summary>Takes the next segment in.</summary>
    public void Add(SegmentHeader segment)
    {
        int first = segment.FirstShard / ClusterConstants.ShardsPerPartition, last = (segment.FirstShard + segment.Shards - 1) / ClusterConstants.ShardsPerPartition;
        for (int p = first; p <= last; p++)
        {
            if (p == _partitions.Count) _partitions.Add((_segments, 1));
            else _partitions[p] = (_partitions[p].First, _segments - _partitions[p].First + 1);
        }
        _segments++;
    }
}
