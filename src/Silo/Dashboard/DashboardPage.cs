using System.Net;
using MaskRcnn.Silo.Health;
using MaskRcnn.Silo.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Dashboard;

namespace MaskRcnn.Silo.Dashboard;

/// <summary><c>/dashboard</c>: Orleans' own page on silos and grains. Unless the operator says otherwise it answers only who is on this machine.</summary>
internal sealed class DashboardPage(DashboardSettings settings, IServiceProvider silo) : IAdminPage
{
    private const string Path = "/dashboard";

    private static readonly string[] NamesOfThisMachine = ["localhost", "127.0.0.1", "[::1]"];

    public bool IsForThisMachine => !settings.PrivateNetwork;

    public void Map(WebApplication server)
    {
        server.Use(async (context, next) =>
        {
            if (!context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase))
            {
                await next(context);
            }
            else if (IsForThisMachine && !IsAskedHere(context))
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                await context.Response.WriteAsync("The dashboard answers at http://127.0.0.1 of this machine alone. Set Dashboard:PrivateNetwork if only operators reach this port.", context.RequestAborted);
            }
            else
            {
                // What the page asks for is the silo's, which this server is not a part of.
                context.RequestServices = silo;
                await next(context);
            }
        });
        new SiloRoutes(server, silo).MapOrleansDashboard(Path);
    }

    /// <summary>By a connection within the machine, and by its name: a stranger's web page that calls itself by another is refused.</summary>
    private static bool IsAskedHere(HttpContext context) =>
        context.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local) && NamesOfThisMachine.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Routes of the server whose handlers are given the silo's services.</summary>
    private sealed class SiloRoutes(IEndpointRouteBuilder server, IServiceProvider silo) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => silo;

        public ICollection<EndpointDataSource> DataSources => server.DataSources;

        public IApplicationBuilder CreateApplicationBuilder() => server.CreateApplicationBuilder();
    }
}
