using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace MaskRcnn.Cluster.Tests.Processes.Telemetry;

/// <summary>Orleans' dashboard on the health port.</summary>
[Collection(TelemetryProcessTests.Name)]
public sealed class DashboardTests(TelemetryCluster cluster) : IDisposable
{
    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task The_page_and_what_it_asks_for_are_there()
    {
        Assert.Contains("<html", await _http.GetStringAsync(Address("")), StringComparison.OrdinalIgnoreCase);
        JsonElement counters = await _http.GetFromJsonAsync<JsonElement>(Address("DashboardCounters"));
        Assert.Equal(2, counters.GetProperty("hosts").GetArrayLength());
    }

    [Fact]
    public async Task Who_asks_for_it_by_another_name_is_refused_and_health_is_not()
    {
        foreach ((string path, HttpStatusCode code) in new[] { ("dashboard/", HttpStatusCode.Forbidden), ("dashboard/DashboardCounters", HttpStatusCode.Forbidden), ("health/live", HttpStatusCode.OK) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{cluster.HealthPorts[0]}/{path}") { Headers = { Host = "evil.example" } };
            Assert.Equal(code, (await _http.SendAsync(request)).StatusCode);
        }
    }

    private Uri Address(string path) => new($"http://127.0.0.1:{cluster.HealthPorts[0]}/dashboard/{path}");
}
