using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MaskRcnn.Cluster.Tests.Processes.Tls;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Cluster.Tests.Processes.Health;

/// <summary>The health port of real silos.</summary>
[Collection(TlsProcessTests.Name)]
public sealed class HealthProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_worker_is_live_before_it_has_joined_ready_while_grains_answer_and_live_without_them()
    {
        int[] ports = FreePorts.Find(4);
        // Its cluster is not there yet.
        using var worker = new SiloProcess("worker", Settings("worker", ports[0], ports[2], ports[1]));
        await AnswersAsync(worker, "live", HttpStatusCode.OK, "");
        await AnswersAsync(worker, "started", HttpStatusCode.ServiceUnavailable, "no member of the cluster");
        await AnswersAsync(worker, "ready", HttpStatusCode.ServiceUnavailable, "no member of the cluster");

        var coordinator = new SiloProcess("coordinator", Settings("coordinator", ports[1], ports[3], ports[1]));
        using (coordinator)
        {
            foreach (SiloProcess silo in new[] { coordinator, worker })
            {
                foreach (string question in new[] { "started", "ready", "live" }) await AnswersAsync(silo, question, HttpStatusCode.OK, "");
            }
        }
        await AnswersAsync(worker, "ready", HttpStatusCode.ServiceUnavailable, "The cluster's grains have not answered for");
        await AnswersAsync(worker, "live", HttpStatusCode.OK, "");
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(Address(worker, "other"))).StatusCode);
    }

    private static Uri Address(SiloProcess silo, string question) => new($"http://127.0.0.1:{silo.Settings.Health.Port}/health/{question}");

    private async Task AnswersAsync(SiloProcess silo, string question, HttpStatusCode code, string missing)
    {
        string last = "";
        await Patience.ForAsync($"/health/{question} says {code} '{missing}'", LookAsync, () => Task.FromResult($"{last}\n{silo.Said}"));

        async Task<string?> LookAsync()
        {
            try
            {
                using HttpResponseMessage response = await _http.GetAsync(Address(silo, question));
                JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>();
                last = $"{response.StatusCode} {body}";
                Assert.Equal(question, body.GetProperty("question").GetString());
                Assert.Equal(response.StatusCode == HttpStatusCode.OK ? ("yes", 0) : ("no", body.GetProperty("missing").GetArrayLength()), (body.GetProperty("status").GetString(), body.GetProperty("missing").GetArrayLength()));
                return response.StatusCode == code && last.Contains(missing, StringComparison.Ordinal) ? last : null;
            }
            catch (HttpRequestException exception)
            {
                last = exception.Message;
                return null;
            }
        }
    }

    private SiloSettings Settings(string role, int port, int health, int primary) => new()
    {
        Roles = [role],
        Supervised = true,
        Cluster = new ClusterSettings { Primary = new IPEndPoint(IPAddress.Loopback, primary).ToString() },
        Endpoints = new EndpointSettings { SiloPort = port },
        Storage = new StorageSettings { State = Path.Combine(_folder.FullName, "state") },
        Worker = new WorkerSettings { Cache = Path.Combine(_folder.FullName, "cache") },
        Health = new HealthSettings { Port = health },
    };
}
