using System.Net;
using MaskRcnn.Client;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Cluster.Tests.Processes.Telemetry;

/// <summary>A coordinator and a worker that send all they can. A small job has ended on them, and after it one whose annotations do not fit.</summary>
public sealed class TelemetryCluster : IAsyncLifetime
{
    internal const int Good = 6;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
    private readonly List<SiloProcess> _silos = [];

    internal Collector Collector { get; private set; } = null!;

    internal IReadOnlyList<SiloProcess> Silos => _silos;

    internal IReadOnlyList<int> HealthPorts { get; private set; } = [];

    internal JobStatus End { get; private set; } = null!;

    /// <summary>What the silos said at <c>/metrics</c> after the first job.</summary>
    internal IReadOnlyList<string> Pages { get; private set; } = [];

    /// <summary>The second job.</summary>
    internal JobStatus Failed { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        TinyModel.Write(In("model.safetensors"));
        Directory.CreateDirectory(In("images"));
        for (int i = 0; i < Good; i++) File.Copy(Repository.Golden($"tiny_img{i % 2}.png"), In($"images/{i}.png"));
        await File.WriteAllTextAsync(In("images/9.png"), "this is a text");
        int[] ports = FreePorts.Find(6);
        Collector = new Collector(ports[5]);
        HealthPorts = ports[3..5];
        _silos.Add(new SiloProcess("coordinator", Settings("coordinator", ports[0], ports[1], ports[3], ports[0])));
        await _silos[0].ReadyAsync();
        _silos.Add(new SiloProcess("worker", Settings("worker", ports[2], 0, ports[4], ports[0])));
        await _silos[1].ReadyAsync();
        await using MaskRcnnClient client = await MaskRcnnClient.ConnectAsync(
            ClusterAddress.Parse($"127.0.0.1:{ports[1]}"), new MaskRcnnClientOptions { ConnectTimeout = Patience.Usual, PollInterval = TimeSpan.FromMilliseconds(200) });
        var specification = new JobSpecification { Name = "seen", Images = In("images"), Model = In("model.safetensors"), Output = In("results"), ShardSize = 4 };
        End = await RunAsync(client, specification);
        // What is counted last.
        Pages = await Patience.ForAsync("the end of the job is counted", async () => await PagesAsync() is var pages && pages.Any(p => p.Contains("state=\"completed_with_errors\"} 1", StringComparison.Ordinal)) ? pages : null, () => Task.FromResult(""));
        await File.WriteAllTextAsync(In("instances.json"), """{"images":[{"id":1,"file_name":"0.png","width":160,"height":120}],"annotations":[{"id":1,"image_id":1,"category_id":10,"bbox":[1,1,9,9],"area":81,"iscrowd":0,"segmentation":{"size":[120,160],"counts":"oooooooooooooooooooooooo"}}],"categories":[{"id":10,"name":"thing 1"}]}""");
        Failed = await RunAsync(client, specification with { Name = "failed", Annotations = In("instances.json") });
    }

    private async Task<string[]> PagesAsync()
    {
        using var http = new HttpClient();
        return await Task.WhenAll(HealthPorts.Select(port => http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"))));
    }

    private async Task<JobStatus> RunAsync(MaskRcnnClient client, JobSpecification specification)
    {
        JobHandle job = await client.SubmitAsync(specification);
        return await Patience.ForAsync(
            "a job ends", async () => await job.GetStatusAsync() is { } status && status.State.IsFinal() ? status : null, async () => $"{await job.GetStatusAsync()}\n{string.Join('\n', _silos.Select(s => s.Said))}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SiloProcess silo in _silos) silo.Dispose();
        Collector?.Dispose();
        _folder.Delete(recursive: true);
        await ValueTask.CompletedTask;
    }

    private string In(string relative) => Path.Combine(_folder.FullName, relative);

    private SiloSettings Settings(string role, int port, int gateway, int health, int primary) => new()
    {
        Roles = [role],
        Cluster = new ClusterSettings { Primary = new IPEndPoint(IPAddress.Loopback, primary).ToString(), SiloName = role },
        Endpoints = new EndpointSettings { SiloPort = port, GatewayPort = gateway },
        Storage = new StorageSettings { State = In("state") },
        Worker = new WorkerSettings { Cache = In("cache") },
        Health = new HealthSettings { Port = health },
        Telemetry = new TelemetrySettings { OtlpEndpoint = Collector.Address, OtlpSeconds = 1, Prometheus = true, JsonLogs = true },
        Dashboard = new DashboardSettings { Enabled = true },
    };
}

/// <summary>Tests on one cluster that is looked at; beside no others, as they start processes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryProcessTests : ICollectionFixture<TelemetryCluster>
{
    public const string Name = "processes that are seen";
}
