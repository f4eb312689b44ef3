using System.Net;
using System.Net.Sockets;
using MaskRcnn.Grains;
using MaskRcnn.Grains.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace MaskRcnn.Client.Library.Tests.Connection;

/// <summary>A real silo on loopback, with a job index of this test.</summary>
internal sealed class SmallSilo(IHost host, int gateway) : IAsyncDisposable
{
    public int Gateway { get; } = gateway;

    public static async Task<SmallSilo> StartAsync(int? gateway = null)
    {
        (int silo, int port) = (FreePort(), gateway ?? FreePort());
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(orleans =>
        {
            orleans.UseLocalhostClustering(silo, port, serviceId: ClusterConstants.ServiceId, clusterId: ClusterConstants.ClusterId);
            // It implements grains' interfaces, and so would be taken for one.
            orleans.Configure<GrainTypeOptions>(options => options.Classes.Remove(typeof(Fakes.FakeCluster)));
            orleans.Configure<EndpointOptions>(options => options.AdvertisedIPAddress = IPAddress.Loopback);
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return new SmallSilo(host, port);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Takes nothing, and says why.</summary>
public sealed class RefusingIndexGrain : Grain, IJobIndexGrain
{
    /// <inheritdoc/>
    public Task<SubmitReceipt> Submit(JobSpecification specification, CancellationToken cancellation = default) =>
        throw new JobRejectedException(specification.Name!, ["The first problem.", "The second problem."]);

    /// <inheritdoc/>
    public Task<SubmitReceipt> Recover(JobRecovery recovery, CancellationToken cancellation = default) => throw new JobRejectedException(recovery.Output, ["There is no job.json."]);

    /// <inheritdoc/>
    public Task<JobStatus> Retry(string job, bool onlyFailed, CancellationToken cancellation = default) => throw new JobStateException(job, JobState.Running, "it can be retried when it has ended");

    /// <inheritdoc/>
    public Task<string> Resolve(string jobOrName, CancellationToken cancellation = default) => throw new JobNotFoundException(jobOrName);

    /// <inheritdoc/>
    public Task<JobPage> List(JobFilter filter, CancellationToken cancellation = default) => Task.FromResult(new JobPage([Fakes.FakeCluster.Running], null));

    /// <inheritdoc/>
    public Task Delete(string job, bool withOutput, CancellationToken cancellation = default) => throw new JobStateException(job, JobState.Running, "it can be deleted when it has ended");
}
