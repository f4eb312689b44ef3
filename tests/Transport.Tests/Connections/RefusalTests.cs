using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MaskRcnn.Transport.Certificates;
using MaskRcnn.Transport.Connections;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Transport.Tests.Connections;

/// <summary>Strangers on real sockets.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TestAuthority _ours = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly Messages _log = new();
    private readonly CertificateFolder _folder;
    private readonly CertificateSource _source;
    private readonly HandshakeGate _gate = new(waiting: 3, atOnce: 1);

    public RefusalTests()
    {
        _folder = new CertificateFolder(_ours.Pem, _ours.Issue("silo"));
        _source = CertificateSource.Open(_folder.Files, TlsRole.Silo, _time);
    }

    public void Dispose()
    {
        _source.Dispose();
        _folder.Dispose();
        _gate.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_silo_is_let_in_by_TLS_1_2_and_1_3(SslProtocols protocol)
    {
        await using TlsPort port = Port(TlsRole.Silo);
        using X509Certificate2 certificate = _ours.Issue("silo").Load();
        await using SslStream stream = await port.ConnectAsync(certificate, protocol);
        Assert.True(await TlsPort.EchoesAsync(stream), string.Join('\n', _log.Lines));
        Assert.Equal(protocol, stream.SslProtocol);
        Assert.Equal(0, _gate.Waiting);
    }

    [Theory]
    [InlineData("expired", "has expired at")]
    [InlineData("not yet", "is not valid before")]
    [InlineData("foreign", "does not come from our certificate authority, but from 'CN=foreign'")]
    [InlineData("alone", "is signed by itself ('CN=alone'), not by our certificate authority")]
    [InlineData("client", "lacks the DNS name 'silo' among its alternative names (SAN), it has 'client'")]
    [InlineData("nameless", "lacks the DNS name 'silo'")]
    [InlineData("server only", "is not for TLS as a client")]
    [InlineData("none", "is missing")]
    public async Task Others_are_refused_on_the_silo_port(string kind, string reason)
    {
        foreach (SslProtocols protocol in new[] { SslProtocols.Tls12, SslProtocols.Tls13 })
        {
            await using TlsPort port = Port(TlsRole.Silo);
            using X509Certificate2? certificate = kind switch
            {
                "expired" => _ours.Issue("silo", -10, -1).Load(),
                "not yet" => _ours.Issue("silo", 1, 10).Load(),
                "foreign" => new TestAuthority("foreign").Issue("silo").Load(),
                "alone" => TestAuthority.SelfSigned("silo").Load(),
                "client" => _ours.Issue("client").Load(),
                "nameless" => _ours.Issue("", commonName: "silo").Load(),
                "server only" => _ours.Issue("silo", uses: TestAuthority.ServerUse).Load(),
                _ => null,
            };
            Assert.False(await IsLetInAsync(() => port.ConnectAsync(certificate, protocol)));
            await port.DisposeAsync();
            Assert.Contains(reason, _log.Lines[^1], StringComparison.Ordinal);
            Assert.Equal(0, _gate.Waiting);
        }
        Assert.Equal(2, _log.Lines.Count);
    }

    [Theory]
    [InlineData("client", true)]
    [InlineData("silo", true)]
    [InlineData("somebody", false)]
    public async Task The_gateway_lets_clients_and_silos_in(string name, bool expected)
    {
        await using TlsPort port = Port(TlsRole.Client, TlsRole.Silo);
        using X509Certificate2 certificate = _ours.Issue(name).Load();
        Assert.Equal(expected, await IsLetInAsync(() => port.ConnectAsync(certificate)));
    }

    [Fact]
    public async Task A_certificate_counts_at_the_time_of_its_connection()
    {
        await using TlsPort port = Port(TlsRole.Silo);
        using X509Certificate2 certificate = _ours.Issue("silo", to: 1 / 24.0).Load();
        Assert.True(await IsLetInAsync(() => port.ConnectAsync(certificate)));
        _time.Advance(TimeSpan.FromHours(1.1));
        Assert.False(await IsLetInAsync(() => port.ConnectAsync(certificate)));
    }

#pragma warning disable SYSLIB0039, CA5397 // Old protocols are what is refused here.
    [Fact]
    public async Task Older_protocols_are_refused()
    {
        await using TlsPort port = Port(TlsRole.Silo);
        using X509Certificate2 certificate = _ours.Issue("silo").Load();
        Assert.False(await IsLetInAsync(() => port.ConnectAsync(certificate, SslProtocols.Tls11)));
    }
#pragma warning restore SYSLIB0039, CA5397

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "it is a plain connection")]
    [InlineData("\0\0\0\u0010", "it is a plain connection")]
    [InlineData("\u0016\u0003\u0001\u00ff\u00ff", "longer than TLS allows")]
    public async Task Who_does_not_speak_TLS_is_refused_at_once(string said, string reason)
    {
        await using TlsPort port = Port(TlsRole.Silo);
        await using NetworkStream stream = await port.ConnectAsync();
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(said));
        Assert.Equal(0, await EndAsync(stream));
        await port.DisposeAsync();
        Assert.Contains(reason, Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silent_peers_hold_no_turn_and_are_closed_at_the_time_limit()
    {
        await using TlsPort port = Port(TlsRole.Silo);
        using X509Certificate2 certificate = _ours.Issue("silo").Load();
        // One says nothing, one half a hello; there is one turn, and a third is let in beside them.
        await using NetworkStream silent = await port.ConnectAsync(), half = await port.ConnectAsync();
        await half.WriteAsync(new byte[] { 22, 3, 1, 1, 0, 1 });
        Assert.True(await IsLetInAsync(() => port.ConnectAsync(certificate)));
        await UntilAsync(() => _gate.Waiting == 2);
        _time.Advance(HandshakeGate.TimeLimit);
        Assert.Equal(0, await EndAsync(silent));
        Assert.Equal(0, await EndAsync(half));
        await port.DisposeAsync();
        Assert.Equal(2, _log.Lines.Count(line => line.Contains("did not finish its handshake within 10 s", StringComparison.Ordinal)));
        Assert.Equal(0, _gate.Waiting);
    }

    [Fact]
    public async Task A_peer_that_stops_in_the_middle_gives_its_turn_back()
    {
        await using TlsPort port = Port(TlsRole.Silo);
        using X509Certificate2 certificate = _ours.Issue("silo").Load();
        await using NetworkStream stuck = await port.ConnectAsync();
        await stuck.WriteAsync(await HelloAsync());
        // The silo has answered, and so it is this one's turn.
        Assert.True(await stuck.ReadAsync(new byte[16]) > 0);
        Task<bool> next = IsLetInAsync(() => port.ConnectAsync(certificate));
        await UntilAsync(() => _gate.Waiting == 2);
        Assert.False(next.IsCompleted);
        await stuck.DisposeAsync();
        Assert.True(await next);
    }

    [Fact]
    public async Task More_connections_than_may_wait_are_closed_at_once()
    {
        await using TlsPort port = Port(TlsRole.Silo);
        await using NetworkStream one = await port.ConnectAsync(), two = await port.ConnectAsync(), three = await port.ConnectAsync();
        await UntilAsync(() => _gate.Waiting == 3);
        await using NetworkStream four = await port.ConnectAsync();
        Assert.Equal(0, await EndAsync(four));
        Assert.Contains("3 others have not finished their handshake", Assert.Single(_log.Lines), StringComparison.Ordinal);
        await one.DisposeAsync();
        await UntilAsync(() => _gate.Waiting == 2);
        using X509Certificate2 certificate = _ours.Issue("silo").Load();
        Assert.True(await IsLetInAsync(() => port.ConnectAsync(certificate)));
        await two.DisposeAsync();
        await three.DisposeAsync();
    }

    [Fact]
    public void Many_refusals_are_not_all_logged()
    {
        var refusals = new Refusals("silo", _log, _time);
        for (int i = 0; i < 1000; i++) refusals.Add(null, "it is a test");
        Assert.Equal(20, _log.Lines.Count);
        _time.Advance(TimeSpan.FromSeconds(10));
        refusals.Add(null, "it is the last");
        Assert.Contains("980 more", _log.Lines[20], StringComparison.Ordinal);
        Assert.Contains("it is the last", _log.Lines[21], StringComparison.Ordinal);
    }

    private TlsPort Port(params TlsRole[] peers) => new(_source, _gate, _log, peers);

    /// <summary>In TLS 1.3 a client has finished before its certificate is judged: only an answer says that it was let in.</summary>
    private static async Task<bool> IsLetInAsync(Func<Task<SslStream>> connect)
    {
        try
        {
            await using SslStream stream = await connect();
            return await TlsPort.EchoesAsync(stream);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return false;
        }
    }

    /// <summary>The end of a connection: 0, or that it was reset.</summary>
    private static async Task<int> EndAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[16]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>What a client of TLS says first.</summary>
    private static async Task<byte[]> HelloAsync()
    {
        using var said = new MemoryStream();
        var client = new SslStream(new RecordingStream(said));
        await Assert.ThrowsAnyAsync<IOException>(() => client.AuthenticateAsClientAsync("silo"));
        return said.ToArray();
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
