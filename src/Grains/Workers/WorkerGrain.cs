using MaskRcnn.Grains.Placement;
using Orleans.Placement;

namespace MaskRcnn.Grains.Workers;

/// <summary>
/// A window on a <see cref="WorkerEngine"/> of this silo, which has threads of its own: no call here takes long. The engine does not
/// depend on it: when another silo goes, activations may go with the part of the directory that it had.
/// </summary>
[PinnedSiloPlacement]
[Immovable]
internal sealed class WorkerGrain(LocalWorkers workers) : Grain, IWorkerGrain
{
    public Task<WorkerReport> GetReport() => Task.FromResult(workers.Find(this.GetPrimaryKeyString())?.Report()
        ?? throw new InvalidOperationException($"Worker {this.GetPrimaryKeyString()} has not been started."));
}
