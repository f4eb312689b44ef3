using Orleans.Concurrency;

namespace MaskRcnn.Silo.Health;

/// <summary>Stateless: it is always here, and needs no directory and no other silo.</summary>
[StatelessWorker(1)]
internal sealed class SiloPulseGrain : Grain, ISiloPulseGrain
{
    public Task Beat() => Task.CompletedTask;
}
