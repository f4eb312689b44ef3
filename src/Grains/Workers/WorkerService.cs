using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Grains.Workers;

/// <summary>
/// Starts this silo's workers, and lets them leave when the silo stops. Hosted services stop in the reverse order of their
/// registration: this one before Orleans', so that grains can still be called.
/// </summary>
internal sealed class WorkerService(ILocalSiloDetails silo, LocalWorkers workers, WorkerOptions options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string device in options.Devices) workers.Start($"{silo.SiloAddress.ToParsableString()}/{device}");
        return Task.CompletedTask;
    }

    /// <summary>It keeps its own time, which is below the host's.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => workers.LeaveAsync();
}
