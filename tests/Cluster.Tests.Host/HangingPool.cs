using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MaskRcnn.Cluster.Tests.Host;

/// <summary>In a silo of this name takes every thread of the pool as soon as it is a member, and lets it hang: nothing that needs the pool goes on.</summary>
internal sealed class HangingPool(IOptions<SiloOptions> silo, IHostApplicationLifetime life) : IHostedService
{
    private const string SiloName = "hanging";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (silo.Value.SiloName == SiloName) life.ApplicationStarted.Register(() => new Thread(Begin).Start());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Begin()
    {
        ThreadPool.GetMinThreads(out int threads, out int ports);
        ThreadPool.SetMaxThreads(threads, ports);
        var never = new ManualResetEvent(false);
        // The line "ready" is still to be written, by the pool.
        never.WaitOne(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 100 * threads; i++) ThreadPool.UnsafeQueueUserWorkItem(_ => never.WaitOne(), null);
    }
}
