using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MaskRcnn.Transport.Tests;

namespace MaskRcnn.Cluster.Tests.Processes.Tls;

/// <summary>Connections that reach the ports of a real silo and are refused there; the silo's own log says so, and why.</summary>
[Collection(TlsProcessTests.Name)]
public sealed class StrangerTests(TlsCluster cluster)
{
    [Theory]
    [InlineData("expired", "its certificate has expired at")]
    [InlineData("foreign", "its certificate does not come from our certificate authority, but from 'CN=foreign'")]
    [InlineData("alone", "its certificate is signed by itself ('CN=alone')")]
    [InlineData("client", "its certificate lacks the DNS name 'silo'")]
    [InlineData("none", "its certificate is missing")]
    [InlineData("plain", "it is a plain connection")]
    public Task Strangers_are_refused_on_the_silo_port(string kind, string reason) => IsRefusedAsync(kind, "silo", cluster.Coordinator.SiloAddress, reason);

    [Theory]
    [InlineData("expired", "its certificate has expired at")]
    [InlineData("foreign", "its certificate does not come from our certificate authority")]
    [InlineData("alone", "its certificate is signed by itself")]
    [InlineData("somebody", "its certificate lacks the DNS name 'client' or 'silo'")]
    [InlineData("none", "its certificate is missing")]
    [InlineData("plain", "it is a plain connection")]
    public Task Strangers_are_refused_on_the_port_for_clients(string kind, string reason) => IsRefusedAsync(kind, "gateway", cluster.Coordinator.GatewayAddress, reason);

    private async Task IsRefusedAsync(string kind, string port, IPEndPoint address, string reason)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        string self = string.Create(CultureInfo.InvariantCulture, $"Refused a connection from {socket.LocalEndPoint} on the {port} port: ");
        await using var network = new NetworkStream(socket);
        Assert.Equal(0, kind == "plain" ? await SayAsync(network) : await SayByTlsAsync(network, kind));
        await Patience.UntilAsync($"'{self}'", () => cluster.Coordinator.Said.Contains(self + reason, StringComparison.Ordinal), () => Task.FromResult(cluster.Coordinator.Said));
    }

    /// <summary>Says something and returns how many bytes came back before the end.</summary>
    private static async Task<int> SayAsync(Stream stream)
    {
        try
        {
            await stream.WriteAsync(new byte[64]);
            return await stream.ReadAsync(new byte[64]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private async Task<int> SayByTlsAsync(Stream network, string kind)
    {
        using X509Certificate2? certificate = kind switch
        {
            "expired" => cluster.Authority.Issue("silo", -10, -1).Load(),
            "foreign" => new TestAuthority("foreign").Issue("silo").Load(),
            "alone" => TestAuthority.SelfSigned("silo").Load(),
            "none" => null,
            _ => cluster.Authority.Issue(kind).Load(),
        };
        await using var stream = new SslStream(network, leaveInnerStreamOpen: true, (_, silo, _, _) => silo is not null);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "silo",
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            });
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return 0;
        }
        return await SayAsync(stream);
    }
}
