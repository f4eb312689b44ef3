using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MaskRcnn.Cluster.Tests.Host;

/// <summary>In a silo of this name says that it starts, and never has.</summary>
internal sealed class NeverStarting(IOptions<SiloOptions> silo) : IHostedService
{
    private const string SiloName = "starting";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (silo.Value.SiloName != SiloName) return;
        await Console.Out.WriteLineAsync("this service starts");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
