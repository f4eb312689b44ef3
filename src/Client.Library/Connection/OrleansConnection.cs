using System.Net;
using MaskRcnn.Grains;
using MaskRcnn.Transport;
using MaskRcnn.Transport.Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Serialization;

namespace MaskRcnn.Client.Connection;

/// <summary>One Orleans client, without a host around it: no logs, no configuration files, no signals.</summary>
internal sealed class OrleansConnection : IAsyncDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(2);

    private readonly ServiceProvider _services;
    private readonly IReadOnlyList<IHostedService> _parts;
    private readonly TimeProvider _time;

    private OrleansConnection(ServiceProvider services, TimeProvider time) =>
        (_services, _parts, _time) = (services, [.. services.GetServices<IHostedService>()], time);

    /// <summary>The cluster's grains.</summary>
    public IGrainFactory Grains => _services.GetRequiredService<IClusterClient>();

    /// <summary>Connects, trying again until the wait is over.</summary>
    public static async Task<OrleansConnection> ConnectAsync(IPEndPoint[] gateways, string cluster, CertificateSource? tls, TimeSpan wait, TimeProvider time, Action onFailure, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        var services = new ServiceCollection();
        services.AddOrleansClient(client =>
        {
            client.UseStaticClustering(gateways);
            if (tls is not null) client.UseTls(tls);
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, ClusterConstants.ServiceId));
            client.Services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add(nameof(MaskRcnn)));
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = ClusterConstants.GatewayListRefreshPeriod);
            client.UseConnectionRetryFilter(async (exception, token) =>
            {
                if (time.GetElapsedTime(start) >= wait || TlsHandshakeException.In(exception) is { IsRefusal: true }) return false;
                onFailure();
                await Task.Delay(BetweenTries, time, token).ConfigureAwait(false);
                return true;
            });
        });
        var connection = new OrleansConnection(services.BuildServiceProvider(), time);
        try
        {
            foreach (IHostedService part in connection._parts) await part.StartAsync(cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Saying good-bye to a silo that is dead would take its time.
        using var stop = new CancellationTokenSource(TimeToStop, _time);
        foreach (IHostedService part in _parts)
        {
            try
            {
                await part.StopAsync(stop.Token).WaitAsync(stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException || ClusterFailures.AreTransient(exception))
            {
                // It is given up anyway.
            }
        }
        await _services.DisposeAsync().ConfigureAwait(false);
    }
}
