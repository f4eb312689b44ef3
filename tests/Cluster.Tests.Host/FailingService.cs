using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MaskRcnn.Cluster.Tests.Host;

/// <summary>In a silo of this name fails as soon as the silo is a member.</summary>
internal sealed class FailingService(IOptions<SiloOptions> silo, IHostApplicationLifetime life) : BackgroundService
{
    private const string SiloName = "failing";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (silo.Value.SiloName != SiloName) return;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = life.ApplicationStarted.Register(started.SetResult);
        await started.Task;
        throw new NotSupportedException("This service always fails.");
    }
}
