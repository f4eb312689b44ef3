using System.Net;
using MaskRcnn.Silo.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Silo.Health;

/// <summary>The admin port: a small HTTP server beside the silo, which is there before it and after it.</summary>
internal sealed class HealthServer(HealthSettings settings, HealthState state, IEnumerable<IAdminPage> pages, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    /// <summary>Probes ask one after the other; who opens more connections wants something else.</summary>
    private const int MostConnections = 64;

    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Empty: the environment of the silo says nothing about this server.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers).AddSingleton<IHostLifetime, NoLifetime>().AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            var address = IPAddress.Parse(settings.Address);
            kestrel.Listen(address, settings.Port);
            bool isReachedHere = IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
            if (!isReachedHere && pages.Any(page => page.IsForThisMachine)) kestrel.Listen(IPAddress.Loopback, settings.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
        });
        _server = builder.Build();
        _server.UseRouting();
        Map("started", state.Started);
        Map("ready", state.Ready);
        Map("live", state.Live);
        foreach (IAdminPage page in pages) page.Map(_server);
        await _server.StartAsync(cancellationToken);

        void Map(string question, Func<HealthAnswer> answer) => _server.MapGet($"/health/{question}", (RequestDelegate)(context => WriteAsync(context, answer())));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null) await _server.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    private static Task WriteAsync(HttpContext context, HealthAnswer answer)
    {
        context.Response.StatusCode = answer.IsYes ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(new { status = answer.IsYes ? "yes" : "no", question = answer.Question, missing = answer.Missing }, context.RequestAborted);
    }

    /// <summary>The silo's host hears signals. This server goes on answering until that one stops it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
