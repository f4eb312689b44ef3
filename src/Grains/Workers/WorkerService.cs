using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Workers;

/// <summary>
/// Starts this silo's workers, and starts them again should one be gone; lets them leave when the silo stops. Hosted services stop
/// in the reverse order of their registration: this one before Orleans', so that grains can still be called.
/// </summary>
internal sealed partial class WorkerService(IGrainFactory grains, ILocalSiloDetails silo, LocalWorkers workers, WorkerOptions options, TimeProvider time, ILogger<WorkerService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // It keeps its own time, which is below the host's.
        await workers.LeaveAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                foreach (string device in options.Devices)
                {
                    try
                    {
                        // Without a coordinator there is no answer; leaving does not wait for one.
                        await Worker(device).Start().WaitAsync(stoppingToken);
                    }
                    catch (Exception exception) when (exception is not OperationCanceledException)
                    {
                        LogNotStarted(device, exception);
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private IWorkerGrain Worker(string device) => grains.GetGrain<IWorkerGrain>($"{silo.SiloAddress.ToParsableString()}/{device}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Device} did not start; it is tried again")]
    private partial void LogNotStarted(string device, Exception exception);
}
