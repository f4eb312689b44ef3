using MaskRcnn.Grains.Placement;
using Orleans.Placement;

namespace MaskRcnn.Grains.Workers;

/// <summary>Owns a <see cref="WorkerEngine"/>, which has threads of its own: no call here takes long.</summary>
[PinnedSiloPlacement]
[Immovable]
[KeepAlive]
internal sealed class WorkerGrain(WorkerOptions options, WorkerServices services) : Grain, IWorkerGrain
{
    private WorkerEngine? _engine;
    private bool _drained;

    public Task Start()
    {
        if (!_drained) _engine ??= new WorkerEngine(this.GetPrimaryKeyString(), options, services);
        return Task.CompletedTask;
    }

    public Task<WorkerReport> GetReport() =>
        Task.FromResult(_engine?.Report() ?? throw new InvalidOperationException($"Worker {this.GetPrimaryKeyString()} has not been started."));

    public async Task Drain()
    {
        _drained = true;
        if (_engine is not null) await _engine.DrainAsync();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _engine?.Dispose();
        return Task.CompletedTask;
    }
}
