using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Telemetry;

/// <summary>What gauges see of a job: written by its grain's turns, read by any thread.</summary>
internal sealed class JobGauges
{
    private int _state;
    private long _left;

    public JobState State => (JobState)Volatile.Read(ref _state);

    public long ImagesLeft => Volatile.Read(ref _left);

    public void Set(JobState state, long left)
    {
        Volatile.Write(ref _state, (int)state);
        Volatile.Write(ref _left, left);
    }
}

/// <summary>What gauges see of a partition.</summary>
internal sealed class PartitionGauges
{
    private int _waiting, _leased;

    public int Waiting => Volatile.Read(ref _waiting);

    public int Leased => Volatile.Read(ref _leased);

    public void Set(int waiting, int leased)
    {
        Volatile.Write(ref _waiting, waiting);
        Volatile.Write(ref _leased, leased);
    }
}

/// <summary>What gauges see of the dispatcher.</summary>
internal sealed class DispatcherGauges
{
    private volatile Seen _seen = new(0, []);

    public int Workers => _seen.Workers;

    public IReadOnlyList<ScalingSignal> Pools => _seen.Pools;

    public void Set(int workers, IReadOnlyList<ScalingSignal> pools) => _seen = new Seen(workers, pools);

    private sealed record Seen(int Workers, IReadOnlyList<ScalingSignal> Pools);
}
