using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Workers;

/// <summary>Starts this silo's workers, and starts them again should one be gone; drains them when the silo stops.</summary>
internal sealed partial class WorkerService(IGrainFactory grains, ILocalSiloDetails silo, WorkerOptions options, TimeProvider time, ILogger<WorkerService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (string device in options.Devices)
        {
            try
            {
                await Worker(device).Drain();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogNotDrained(device, exception);
            }
        }
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
                        await Worker(device).Start();
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Device} was not drained; its leases run out")]
    private partial void LogNotDrained(string device, Exception exception);
}
