using MaskRcnn.Grains.Placement;
using Orleans.Placement;

namespace MaskRcnn.Grains.Workers;

/// <summary>Owns a <see cref="WorkerEngine"/>, which has threads of its own: no call here takes long.</summary>
[PinnedSiloPlacement]
[Immovable]
[KeepAlive]
internal sealed class WorkerGrain(LocalWorkers workers) : Grain, IWorkerGrain
{
    private WorkerEngine? _engine;

    public Task Start()
    {
        _engine ??= workers.TryStart(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public Task<WorkerReport> GetReport() =>
        Task.FromResult(_engine?.Report() ?? throw new InvalidOperationException($"Worker {this.GetPrimaryKeyString()} has not been started."));

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_engine is not null) workers.End(_engine);
        return Task.CompletedTask;
    }
}
