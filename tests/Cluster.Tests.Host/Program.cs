// A silo whose model does not survive some images, by their width in pixels: for tests of what the cluster then does.
//
//     … coordinator|worker SILO-PORT GATEWAY-PORT PRIMARY-PORT STATE-FOLDER
//
// It prints "ready" when it is a member, and ends when its standard input does.
using System.Globalization;
using System.Net;
using MaskRcnn.Cluster.Tests.Host;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

if (args is not [var role, var siloPort, var gatewayPort, var primaryPort, var state])
{
    Console.Error.WriteLine("Expected: ROLE SILO-PORT GATEWAY-PORT PRIMARY-PORT STATE-FOLDER");
    return 2;
}

var options = new SiloOptions
{
    Roles = [role],
    SiloPort = int.Parse(siloPort, CultureInfo.InvariantCulture),
    GatewayPort = int.Parse(gatewayPort, CultureInfo.InvariantCulture),
    Primary = new IPEndPoint(IPAddress.Loopback, int.Parse(primaryPort, CultureInfo.InvariantCulture)),
    State = state,
    Cache = Path.Combine(state, "cache"),
    Devices = role == "worker" ? ["cpu"] : [],
    LeaseSeconds = 2,
    RenewSeconds = .5,
};
using IHost host = SiloHost.Build(options, silo => silo.Services.AddSingleton<IModelLoader, FragileModelLoader>());
await host.StartAsync();
Console.WriteLine("ready");
new Thread(() =>
{
    while (Console.In.Read() >= 0)
    {
    }
    System.Diagnostics.Process.GetCurrentProcess().Kill();
}) { IsBackground = true }.Start();
await host.WaitForShutdownAsync();
return 0;
