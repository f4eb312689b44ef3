using MaskRcnn.Grains.Dispatch;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Silo.Health;

/// <summary>Looks every few seconds how the silo is.</summary>
internal sealed class HealthWatch(HealthState state, IGrainFactory grains, ISiloStatusOracle oracle, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>How long the cluster's grains may take.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private Task _pulse = Task.CompletedTask, _question = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using CancellationTokenRegistration leaving = lifetime.ApplicationStopping.Register(state.Leave);
        using var timer = new PeriodicTimer(BetweenLooks, time);
        do Look();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Asks without waiting: what hangs must not hold up what it is to be told by.</summary>
    private void Look()
    {
        state.Beat("The thread pool");
        SiloStatus status = oracle.CurrentStatus;
        state.Saw(status.ToString(), status == SiloStatus.Active);
        if (status != SiloStatus.Active) return;
        if (_pulse.IsCompleted) _pulse = PulseAsync();
        if (_question.IsCompleted) _question = AskAsync();
    }

    /// <summary>A failure is a turn, too; only what does not come back at all hangs.</summary>
    private async Task PulseAsync()
    {
        await grains.GetGrain<ISiloPulseGrain>(0).Beat().ContinueWith(static beat => beat.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        state.Beat("The turns of grains");
    }

    /// <summary>The dispatcher is on a coordinator and keeps nothing outside its memory.</summary>
    private async Task AskAsync()
    {
        try
        {
            await grains.GetGrain<IDispatcherGrain>(0).ListWorkers().WaitAsync(AnswerLimit, time);
            state.Answered(null);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            state.Answered(exception is TimeoutException ? $"no answer within {AnswerLimit.TotalSeconds:0} s" : exception.Message.Split('\n')[0].Trim().TrimEnd('.'));
        }
    }
}
