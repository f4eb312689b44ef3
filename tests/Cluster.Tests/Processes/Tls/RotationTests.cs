using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MaskRcnn.Client;
using MaskRcnn.Transport.Tests;

namespace MaskRcnn.Cluster.Tests.Processes.Tls;

[Collection(TlsProcessTests.Name)]
public sealed class RotationTests(TlsCluster cluster)
{
    [Fact]
    public async Task Certificates_are_replaced_while_calls_go_on_and_new_connections_show_the_new_one()
    {
        await using MaskRcnnClient client = await cluster.ConnectAsync(cluster.ClientFiles.Files);
        using var over = new CancellationTokenSource();
        int calls = 0;
        Task calling = CallAsync();
        string old = await ShownAsync(cluster.Coordinator.GatewayAddress);
        IssuedCertificate silo = cluster.Authority.Issue("silo"), own = cluster.Authority.Issue("client");
        Assert.NotEqual(silo.Serial, old);
        // The key comes a while after its certificate: in between the old pair stays.
        cluster.SiloFiles.Write(certificate: silo.Pem);
        await Patience.UntilAsync("the half-written pair is told of", () => cluster.Coordinator.Said.Contains("cannot be used yet", StringComparison.Ordinal), () => Task.FromResult(cluster.Coordinator.Said));
        Assert.Equal(old, await ShownAsync(cluster.Coordinator.GatewayAddress));
        cluster.SiloFiles.Write(key: silo.Key);
        cluster.ClientFiles.Write(certificate: own.Pem, key: own.Key);
        foreach (IPEndPoint address in new[] { cluster.Coordinator.GatewayAddress, cluster.Coordinator.SiloAddress, cluster.Worker.SiloAddress })
            await Patience.ForAsync($"{address} shows the new certificate", async () => await ShownAsync(address) == silo.Serial ? "yes" : null, () => Task.FromResult(cluster.Coordinator.Said));
        int before = Volatile.Read(ref calls);
        await Patience.UntilAsync("calls go on", () => Volatile.Read(ref calls) > before + 3 || calling.IsCompleted, () => Task.FromResult(cluster.Coordinator.Said));
        await over.CancelAsync();
        await calling;
        await using MaskRcnnClient next = await cluster.ConnectAsync(cluster.ClientFiles.Files);
        Assert.Single(await next.ListWorkersAsync());

        async Task CallAsync()
        {
            while (!over.IsCancellationRequested)
            {
                await client.ListWorkersAsync();
                Interlocked.Increment(ref calls);
            }
        }
    }

    /// <summary>The serial number that a new connection is shown.</summary>
    private async Task<string> ShownAsync(IPEndPoint address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        await using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, silo, _, _) => silo is not null);
        using X509Certificate2 certificate = cluster.Authority.Issue("silo").Load();
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "silo", ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) });
        return stream.RemoteCertificate!.GetSerialNumberString();
    }
}
