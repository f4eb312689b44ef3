using System.Globalization;
using MaskRcnn.Client;
using MaskRcnn.Client.Connection;
using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Cluster.Tests.Redis;

/// <summary>Two coordinators and two workers, each a process that is started again when it ends, as by an operator's supervisor.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    public const string Id = "test";

    private readonly Place[] _places;
    private readonly CancellationTokenSource _over = new();
    private readonly List<Task> _keeping = [];
    private readonly System.Text.StringBuilder _log = new();

    private readonly string _program;

    private RedisCluster(RedisSettings redis, string folder, int workers, Func<SiloSettings, SiloSettings>? change, string program)
    {
        _program = program;
        SiloSettings common = new()
        {
            Cluster = new ClusterSettings { Id = Id, Clustering = ClusterSettings.Redis },
            Redis = redis,
            Storage = new StorageSettings { State = Path.Combine(folder, "state") },
            Worker = new WorkerSettings { Cache = Path.Combine(folder, "cache"), Threads = 1 },
            Leases = new LeaseSettings { LiveSeconds = 6, RenewSeconds = 2 },
            Drain = new DrainSettings { GraceSeconds = 4 },
            Membership = new MembershipSettings { ProbeSeconds = 1, MissedProbes = 3, RefreshSeconds = 2, OwnRowSeconds = 2 },
        };
        common = change?.Invoke(common) ?? common;
        _places = [.. Enumerable.Range(0, 2 + workers).Select(i => new Place(i < 2 ? $"coordinator-{i + 1}" : $"worker-{i - 1}", common with
        {
            Roles = [i < 2 ? SiloRoles.Coordinator : SiloRoles.Worker],
            Endpoints = new EndpointSettings { SiloPort = FreePorts.Find(), GatewayPort = i < 2 ? FreePorts.Find() : 0 },
        }))];
    }

    /// <summary>Exit codes of the processes that ended by themselves, whose, and when.</summary>
    public IReadOnlyList<(string Name, int ExitCode, DateTimeOffset At)> Ends
    {
        get
        {
            lock (_log) return [.. _places.SelectMany(place => place.Ends.Select(end => (place.Name, end.ExitCode, end.At)))];
        }
    }

    /// <summary>All, running or not, with their port.</summary>
    public IEnumerable<(string Name, int Port)> Places => _places.Select(place => (place.Name, place.Settings.Endpoints.SiloPort));

    /// <summary>Those that run.</summary>
    public IEnumerable<SiloProcess> Running => _places.Select(place => place.Process).OfType<SiloProcess>();

    /// <param name="redis">Its Redis.</param>
    /// <param name="folder">Where its state and its caches are.</param>
    /// <param name="workers">How many.</param>
    /// <param name="change">Changes the settings of all.</param>
    /// <param name="program">What its processes run.</param>
    public static async Task<RedisCluster> StartAsync(RedisSettings redis, string folder, int workers = 2, Func<SiloSettings, SiloSettings>? change = null, string program = "MaskRcnn.Silo")
    {
        var cluster = new RedisCluster(redis, folder, workers, change, program);
        foreach (Place place in cluster._places)
        {
            place.Process = new SiloProcess(place.Name, place.Settings, program);
            cluster._keeping.Add(cluster.KeepAsync(place));
        }
        foreach (SiloProcess process in cluster.Running.ToArray()) await process.ReadyAsync();
        return cluster;
    }

    public Task<MaskRcnnClient> ConnectAsync() => MaskRcnnClient.ConnectAsync(
        ClusterAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_places[0].Settings.Endpoints.GatewayPort},127.0.0.1:{_places[1].Settings.Endpoints.GatewayPort}/{Id}")),
        new MaskRcnnClientOptions { ConnectTimeout = Patience.Usual, PollInterval = TimeSpan.FromMilliseconds(100) });

    public SiloProcess Process(string name) => Running.Single(process => process.Name == name);

    public string Explain()
    {
        lock (_log) return $"{string.Join(", ", Ends)}\n{_log}\n{string.Join('\n', Running.Select(process => $"== {process.Name} ({process.Id})\n{process.Said}"))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_keeping);
        foreach (SiloProcess process in Running.ToArray()) process.Dispose();
        _over.Dispose();
    }

    /// <summary>Starts a process again whenever it has ended.</summary>
    private async Task KeepAsync(Place place)
    {
        while (!_over.IsCancellationRequested)
        {
            if (place.Process is { HasExited: true } ended)
            {
                lock (_log)
                {
                    place.Ends.Add((ended.ExitCode, TimeProvider.System.GetUtcNow()));
                    _log.AppendLine(CultureInfo.InvariantCulture, $"== {place.Name} ended with {ended.ExitCode}:\n{ended.Said}");
                }
                ended.Dispose();
                place.Process = new SiloProcess(place.Name, place.Settings, _program);
            }
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _over.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private sealed class Place(string name, SiloSettings settings)
    {
        public string Name => name;

        public SiloSettings Settings => settings;

        public SiloProcess? Process { get; set; }

        public List<(int ExitCode, DateTimeOffset At)> Ends { get; } = [];
    }
}
