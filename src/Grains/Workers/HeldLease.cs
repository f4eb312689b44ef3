using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Telemetry;

namespace MaskRcnn.Grains.Workers;

/// <summary>A lease of this worker, as long as it is held.</summary>
#pragma warning disable CA1001 // The source has no timer, and a renewal may still be under way when the lease is forgotten.
internal sealed class HeldLease(Lease lease, IPartitionGrain partition, ShardTrace trace, long since)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _lost = new();
    private int _imagesDone, _fate;

    public Lease Lease { get; } = lease;

    public LeaseKey Key { get; } = new(lease.Shard.Id, lease.Epoch, lease.Token);

    public IPartitionGrain Partition { get; } = partition;

    public ShardTrace Trace { get; } = trace;

    /// <summary>Time stamp of when it came.</summary>
    public long Since { get; } = since;

    /// <summary>Cancelled when the partition has said that it is over: what is left of the shard is not worth doing.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>The same, for asking.</summary>
    public bool IsLost => _lost.IsCancellationRequested;

    /// <summary>Images of the shard that are finished.</summary>
    public int ImagesDone => Volatile.Read(ref _imagesDone);

    public void Lose() => _lost.Cancel();

    /// <summary>Decides that it is worked on; false: it was given back before.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _fate, 1, 0) == 0;

    /// <summary>Decides that it is given back unstarted; false: it is worked on.</summary>
    public bool TryGiveBack() => Interlocked.CompareExchange(ref _fate, 2, 0) == 0;

    public void ImageDone() => Interlocked.Increment(ref _imagesDone);
}
