using System.Net;
using System.Net.Sockets;
using MaskRcnn.Silo.Doctor;
using MaskRcnn.Silo.Health;
using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaskRcnn.Silo.Tests.Doctor;

public sealed class PortCheckTests
{
    private readonly int _silo = Ports.Free(), _gateway = Ports.Free(), _health = Ports.Free();

    [Fact]
    public async Task Free_ports_are_ok() => Assert.Equal([Verdict.Ok, Verdict.Ok, Verdict.Ok], await VerdictsAsync());

    [Fact]
    public async Task A_port_of_another_program_fails()
    {
        using var other = new TcpListener(IPAddress.Loopback, _gateway);
        other.Start();
        Assert.Equal([Verdict.Ok, Verdict.Failed, Verdict.Ok], await VerdictsAsync());
    }

    [Fact]
    public async Task Ports_of_a_silo_that_answers_are_ok()
    {
        using var silo = new TcpListener(IPAddress.Loopback, _silo);
        silo.Start();
        await using var health = new HealthServer(new HealthSettings { Port = _health }, new HealthState(TimeProvider.System), [], NullLoggerFactory.Instance);
        await health.StartAsync(CancellationToken.None);
        Assert.Equal([Verdict.Ok, Verdict.Ok, Verdict.Ok], await VerdictsAsync());
        await health.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Without_a_health_port_nobody_knows_whose_a_port_is()
    {
        using var silo = new TcpListener(IPAddress.Loopback, _silo);
        silo.Start();
        Assert.Equal([Verdict.Warning], await VerdictsAsync(new SiloSettings { Endpoints = new EndpointSettings { SiloPort = _silo } }));
    }

    [Fact]
    public async Task An_address_of_another_machine_fails()
    {
        // TEST-NET-1 is nobody's.
        var settings = new SiloSettings { Endpoints = new EndpointSettings { AdvertisedAddress = "192.0.2.1", SiloPort = _silo } };
        Finding found = Assert.Single(await FindAsync(settings));
        Assert.Equal(Verdict.Failed, found.Verdict);
        Assert.Contains("192.0.2.1 is no address of this machine", found.Seen, StringComparison.Ordinal);
    }

    private async Task<IEnumerable<Verdict>> VerdictsAsync(SiloSettings? settings = null) => (await FindAsync(settings ?? new SiloSettings
    {
        Endpoints = new EndpointSettings { SiloPort = _silo, GatewayPort = _gateway },
        Health = new HealthSettings { Port = _health },
    })).Select(finding => finding.Verdict);

    private static async Task<IReadOnlyList<Finding>> FindAsync(SiloSettings settings)
    {
        List<Finding> found = [];
        await foreach (Finding finding in PortCheck.RunAsync(settings, CancellationToken.None)) found.Add(finding);
        return found;
    }
}
