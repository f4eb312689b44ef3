using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Jobs;

/// <summary>
/// Wakes all jobs that have not ended, at once when a coordinator starts and then every few seconds, and tells the
/// dispatcher which silos have died.
/// </summary>
internal sealed partial class CoordinatorService(IGrainFactory grains, ISiloStatusOracle silos, TimeProvider time, ILogger<CoordinatorService> logger) : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead) return;
        LogSiloDied(updatedSilo);
        // If this is lost, the leases run out by themselves.
        _ = grains.GetGrain<IDispatcherGrain>(0).SiloDied(updatedSilo.ToParsableString())
            .ContinueWith(task => LogNotTold(task.Exception!), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        CoordinatorMetrics.Begin();
        silos.SubscribeToSiloStatusEvents(this);
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                try
                {
                    await grains.GetGrain<IJobIndexCoordinatorGrain>(0).WakeAll();
                    await grains.GetGrain<IJobIndexCoordinatorGrain>(0).TidySome();
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    LogNotWoken(exception);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            silos.UnSubscribeFromSiloStatusEvents(this);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} is dead; its leases end")]
    private partial void LogSiloDied(SiloAddress silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The dispatcher could not be told of a dead silo; its leases run out")]
    private partial void LogNotTold(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Jobs could not be woken; it is tried again")]
    private partial void LogNotWoken(Exception exception);
}
