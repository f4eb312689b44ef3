using System.Net.Sockets;
using MaskRcnn.Transport.Certificates;
using MaskRcnn.Transport.Connections;
using Microsoft.AspNetCore.Connections;

namespace MaskRcnn.Transport.Tests.Connections;

/// <summary>Both middlewares against each other, over sockets.</summary>
public sealed class ClientTests : IDisposable
{
    private readonly TestAuthority _ours = new();
    private readonly Messages _log = new();
    private readonly HandshakeGate _gate = new();
    private readonly List<IDisposable> _owned = [];

    public void Dispose()
    {
        _gate.Dispose();
        _owned.ForEach(owned => owned.Dispose());
    }

    [Fact]
    public async Task A_client_and_a_silo_talk_and_much_goes_through()
    {
        (CertificateSource silo, _) = Open(_ours.Issue("silo"), TlsRole.Silo);
        (CertificateSource client, _) = Open(_ours.Issue("client"), TlsRole.Client);
        await using var port = new TlsPort(silo, _gate, _log, TlsRole.Client);
        byte[] sent = new byte[3_000_000], got = new byte[sent.Length];
        new Random(1).NextBytes(sent);
        await RunAsync(port, client, async stream =>
        {
            Task writing = stream.WriteAsync(sent).AsTask();
            await stream.ReadExactlyAsync(got);
            await writing;
        });
        Assert.Equal(sent, got);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("client", "lacks the DNS name 'silo'")]
    [InlineData("foreign", "does not come from our certificate authority")]
    [InlineData("alone", "is signed by itself")]
    public async Task A_client_refuses_what_is_no_silo_of_ours(string kind, string reason)
    {
        var foreign = new TestAuthority("foreign");
        (CertificateSource silo, _) = kind switch
        {
            "client" => Open(_ours.Issue("client"), TlsRole.Client),
            "foreign" => Open(foreign.Issue("silo"), TlsRole.Silo, foreign),
            _ => Open(new TestAuthority("alone").Issue("silo"), TlsRole.Silo, null),
        };
        (CertificateSource client, _) = Open(_ours.Issue("client"), TlsRole.Client);
        await using var port = new TlsPort(silo, _gate, _log, TlsRole.Client);
        TlsHandshakeException exception = await Assert.ThrowsAsync<TlsHandshakeException>(() => RunAsync(port, client, _ => Task.CompletedTask));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains(port.Address.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_speaks_no_TLS_is_an_error_that_asks_for_it()
    {
        using var plain = new TcpListener(System.Net.IPAddress.Loopback, 0);
        plain.Start();
        Task<Socket> accepting = plain.AcceptSocketAsync();
        (CertificateSource client, _) = Open(_ours.Issue("client"), TlsRole.Client);
        Task connecting = RunAsync((System.Net.IPEndPoint)plain.LocalEndpoint, client, _ => Task.CompletedTask);
        using (Socket accepted = await accepting) await accepted.SendAsync("0123456789"u8.ToArray());
        TlsHandshakeException exception = await Assert.ThrowsAsync<TlsHandshakeException>(() => connecting);
        Assert.Contains("TLS handshake failed", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_change_of_files_new_connections_show_the_new_certificate_and_old_ones_live()
    {
        (CertificateSource silo, CertificateFolder files) = Open(_ours.Issue("silo"), TlsRole.Silo);
        await using var port = new TlsPort(silo, _gate, _log, TlsRole.Silo);
        using var certificate = _ours.Issue("silo").Load();
        await using var old = await port.ConnectAsync(certificate);
        Assert.True(await TlsPort.EchoesAsync(old));
        IssuedCertificate next = _ours.Issue("silo");
        files.Write(certificate: next.Pem, key: next.Key);
        silo.Look();
        await using var fresh = await port.ConnectAsync(certificate);
        Assert.Equal(next.Serial, fresh.RemoteCertificate!.GetSerialNumberString());
        Assert.NotEqual(next.Serial, old.RemoteCertificate!.GetSerialNumberString());
        Assert.True(await TlsPort.EchoesAsync(fresh));
        Assert.True(await TlsPort.EchoesAsync(old));
    }

    [Fact]
    public async Task An_authority_is_replaced_in_three_steps_without_a_refusal()
    {
        var next = new TestAuthority("next authority");
        (CertificateSource silo, CertificateFolder siloFiles) = Open(_ours.Issue("silo"), TlsRole.Silo);
        (CertificateSource client, CertificateFolder clientFiles) = Open(_ours.Issue("client"), TlsRole.Client);
        await using var port = new TlsPort(silo, _gate, _log, TlsRole.Client);
        foreach (CertificateFolder folder in new[] { siloFiles, clientFiles })
        {
            folder.Write(ca: _ours.Pem + "\n" + next.Pem);
            await LookAsync();
        }
        foreach ((CertificateFolder folder, string name) in new[] { (siloFiles, "silo"), (clientFiles, "client") })
        {
            IssuedCertificate issued = next.Issue(name);
            folder.Write(certificate: issued.Pem, key: issued.Key);
            await LookAsync();
        }
        foreach (CertificateFolder folder in new[] { siloFiles, clientFiles })
        {
            folder.Write(ca: next.Pem);
            await LookAsync();
        }
        // The old authority is nobody's any more.
        using var old = _ours.Issue("client").Load();
        await using (var stream = await port.ConnectAsync(old)) Assert.False(await TlsPort.EchoesAsync(stream));

        Task LookAsync()
        {
            silo.Look();
            client.Look();
            return RunAsync(port, client, async stream => Assert.True(await TlsPort.EchoesAsync(stream), string.Join('\n', _log.Lines)));
        }
    }

    private (CertificateSource Source, CertificateFolder Files) Open(IssuedCertificate issued, TlsRole role, TestAuthority? authority)
    {
        if (authority is null) return OpenAlone();
        var folder = new CertificateFolder(authority.Pem, issued);
        CertificateSource source = CertificateSource.Open(folder.Files, role);
        _owned.AddRange(source, folder);
        return (source, folder);
    }

    private (CertificateSource Source, CertificateFolder Files) Open(IssuedCertificate issued, TlsRole role) => Open(issued, role, _ours);

    /// <summary>A silo whose certificate is its own authority.</summary>
    private (CertificateSource Source, CertificateFolder Files) OpenAlone()
    {
        IssuedCertificate alone = TestAuthority.SelfSigned("silo", isAuthority: true);
        var folder = new CertificateFolder(alone.Pem, alone);
        CertificateSource source = CertificateSource.Open(folder.Files, TlsRole.Silo);
        _owned.AddRange(source, folder);
        return (source, folder);
    }

    private static Task RunAsync(TlsPort port, CertificateSource client, Func<Stream, Task> body) => RunAsync(port.Address, client, body);

    private static async Task RunAsync(System.Net.IPEndPoint address, CertificateSource client, Func<Stream, Task> body)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        ConnectionContext context = TlsPort.Context(stream);
        await new TlsClientMiddleware(client).OnConnectionAsync(context, inner => body(new PipeStream(inner.Transport)));
    }
}
