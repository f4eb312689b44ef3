using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MaskRcnn.Silo.Health;
using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaskRcnn.Silo.Tests.Health;

/// <summary>The port itself, without a silo.</summary>
public sealed class HealthServerTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private readonly HealthState _state = new(TimeProvider.System);
    private HealthServer _server = null!;
    private int _port;

    public async ValueTask InitializeAsync()
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            _port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        _server = new HealthServer(new HealthSettings { Port = _port }, _state, [], NullLoggerFactory.Instance);
        await _server.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task The_body_says_what_is_missing()
    {
        (HttpStatusCode code, JsonElement body) = await GetAsync("ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
        Assert.Equal("""{"status":"no","question":"ready","missing":["The silo is no member of the cluster at work: its status is 'not started'."]}""", body.GetRawText());
        _state.Saw("Active", isMember: true);
        _state.Answered(null);
        (code, body) = await GetAsync("ready");
        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal("""{"status":"yes","question":"ready","missing":[]}""", body.GetRawText());
    }

    [Fact]
    public async Task Other_paths_and_methods_are_not_there()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(Address("other"))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _http.PostAsync(Address("live"), null)).StatusCode);
    }

    private Uri Address(string question) => new($"http://127.0.0.1:{_port}/health/{question}");

    private async Task<(HttpStatusCode Code, JsonElement Body)> GetAsync(string question)
    {
        using HttpResponseMessage response = await _http.GetAsync(Address(question));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
