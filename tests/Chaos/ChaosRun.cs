using System.Globalization;
using MaskRcnn.Chaos.Evidence;
using MaskRcnn.Chaos.Faults;
using MaskRcnn.Chaos.Places;
using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Cluster.Tests.Redis;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;

namespace MaskRcnn.Chaos;

/// <summary>A job on a cluster of two coordinators and some workers, while faults come by a schedule.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50), Limit = TimeSpan.FromMinutes(8), Cleared = TimeSpan.FromSeconds(30);

    private readonly ChaosSettings _settings;
    private readonly FaultSchedule _schedule;
    private readonly IJobPlace _place;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-chaos-run-");
    private RedisServer _redis = null!;
    private RedisCluster? _cluster;
    private IReadOnlyList<Hit> _hits = [];

    private ChaosRun(ChaosSettings settings, FaultSchedule schedule, IJobPlace place) => (_settings, _schedule, _place) = (settings, schedule, place);

    /// <summary>The result's files, once it has ended.</summary>
    public ResultFiles? Result { get; private set; }

    private string Name => _place is FolderPlace ? "folder" : "Azurite";

    /// <summary>Where the processes write which images they have seen.</summary>
    private string Log => Path.Combine(_folder.FullName, "log");

    /// <summary>Runs a job.</summary>
    /// <param name="settings">How large.</param>
    /// <param name="collection">Its images.</param>
    /// <param name="seed">Which faults; null for none.</param>
    public static async Task<ChaosRun> StartAsync(ChaosSettings settings, ChaosCollection collection, int? seed)
    {
        IJobPlace place = seed is { } even && even % 2 == 0 ? await AzuritePlace.CreateAsync(collection) : new FolderPlace(collection);
        FaultSchedule schedule = seed is { } number ? FaultSchedule.Of(number, settings.MostFaults, place.Disturb(0) is not null, place is not FolderPlace { CanBeFull: false }) : FaultSchedule.None;
        var run = new ChaosRun(settings, schedule, place);
        Directory.CreateDirectory(run.Log);
        // The cluster's processes inherit it.
        Environment.SetEnvironmentVariable("MASKRCNN_CHAOS_LOG", run.Log);
        Environment.SetEnvironmentVariable("MASKRCNN_CHAOS_PACE", settings.Pace.ToString(CultureInfo.InvariantCulture));
        run._redis = await RedisServer.StartAsync();
        run._cluster = await RedisCluster.StartAsync(run._redis.Settings, run._folder.FullName, settings.Workers, settings.Adapt, "MaskRcnn.Chaos.Host");
        return run;
    }

    /// <summary>Follows the job to its end, disturbs it meanwhile, and looks at what is left.</summary>
    /// <param name="undisturbed">The result to be had; null: this run makes it.</param>
    public async Task<RunReport> RunAsync(ResultFiles? undisturbed)
    {
        RedisCluster cluster = _cluster!;
        await using MaskRcnnClient client = await cluster.ConnectAsync();
        DateTimeOffset start = TimeProvider.System.GetUtcNow();
        JobHandle job = await client.SubmitAsync(new JobSpecification
        {
            Images = _place.Images,
            Model = _place.Model,
            Output = _place.Output,
            ShardSize = _settings.ShardSize,
            // What is left would hide what should not be there.
            KeepPartsSeconds = 0,
        });
        IBlobStore folder = _place.Open(job.Id);
        await using var timeline = new Timeline(job, folder);
        var injector = new Injector(_settings, cluster, _redis, _place, timeline, new Random(_schedule.Seed));
        _hits = injector.Hits;
        string? missing = await EndsAsync(injector, timeline);
        TimeSpan duration = TimeProvider.System.GetUtcNow() - start;
        await injector.OverAsync();
        if (missing is not null) return new RunReport(_schedule.Seed, Name, duration, injector.Hits, [], [missing]);
        Result = await FetchAsync(folder);

        Hit[] hits = [.. injector.Hits.Where(hit => hit.State is JobState.Running or JobState.Reducing)];
        var verdict = new Verdict(_settings, _schedule, cluster, hits, timeline, await CommitTree.ReadAsync(folder), InferenceLog.Read(Log));
        List<string> violations = [.. verdict.Violations(duration)];
        if (undisturbed is not null) violations.AddRange(Result.DifferencesTo(undisturbed));
        await foreach (BlobPage page in folder.ListAsync(JobLayout.Parts, null, 1000, CancellationToken.None)) violations.AddRange(page.Blobs.Select(part => $"Part {part.Name} is left of a job that has ended."));
        violations.AddRange(await LeftInRedisAsync());
        return new RunReport(_schedule.Seed, Name, duration, hits, [.. Recovery.Of(hits, timeline)], violations);
    }

    /// <summary>What was done to it, also where that does not count, and what its processes have said, those too that have ended.</summary>
    public string Explain() => string.Join('\n', _hits.Select(hit => FormattableString.Invariant($"{hit.At:O} {hit.Kind} {hit.Victim} in {hit.State}"))) + "\n" + _cluster!.Explain();

    /// <summary>Ends the cluster by force, and tells which processes are left.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        _cluster = null;
        return [.. RunningProcess.All().Where(process => process.CommandLine.Contains(_folder.FullName, StringComparison.Ordinal)).Select(process => $"Process {process.Id} is left of the cluster.")];
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        await _place.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Disturbs the job and waits for its end.</summary>
    /// <returns>Null, or what there was no sign of.</returns>
    private async Task<string?> EndsAsync(Injector injector, Timeline timeline)
    {
        try
        {
            await UntilAsync("the first shards are committed", () => timeline.Commits.Count >= 2);
            await DisturbAsync(injector, timeline);
            await UntilAsync("the job ends", () => timeline.Last?.Status.State.IsFinal() == true);
            return null;
        }
        catch (Xunit.Sdk.FailException exception)
        {
            return exception.Message;
        }
    }

    private async Task DisturbAsync(Injector injector, Timeline timeline)
    {
        if (_schedule == FaultSchedule.None) return;
        Random random = new(_schedule.Seed);
        foreach (FaultKind kind in _schedule.Running)
        {
            await Task.Delay(TimeSpan.FromSeconds(_settings.LeastPause + (_settings.MostPause - _settings.LeastPause) * random.NextDouble()), TimeProvider.System, CancellationToken.None);
            if (timeline.Last?.Status.State is not (JobState.Running or JobState.Listing)) break;
            await injector.DoAsync(kind);
            if (_settings.OneByOne) await MadeUpForAsync(injector.Hits[^1], timeline);
        }
        await UntilAsync("the job reduces", () => timeline.Last?.Status.State is JobState.Reducing || timeline.Last?.Status.State.IsFinal() == true);
        await injector.DoAsync(_schedule.Reducing);
    }

    /// <summary>Waits until a fault is made up for; one that is not by the time that it may take is found by the verdict.</summary>
    private async Task MadeUpForAsync(Hit hit, Timeline timeline)
    {
        while (!Recovery.IsComplete(hit, timeline) && timeline.Last?.Status.State is (JobState.Running or JobState.Listing))
        {
            if ((TimeProvider.System.GetUtcNow() - hit.Until).TotalSeconds > _settings.MostRecoverySeconds && hit.IsOver) return;
            await Task.Delay(Look, TimeProvider.System, CancellationToken.None);
        }
    }

    private Task UntilAsync(string phase, Func<bool> holds) => Patience.UntilAsync($"seed {_schedule.Seed}: {phase}", holds, () => Task.FromResult(_cluster!.Explain()), Limit);

    private async Task<ResultFiles> FetchAsync(IBlobStore folder)
    {
        string copy = Path.Combine(_folder.FullName, "result");
        Directory.CreateDirectory(copy);
        foreach (string name in ResultFiles.Names)
        {
            // A job that failed has none.
            if (await folder.FindAsync(JobLayout.Result + name, CancellationToken.None) is not null)
                await File.WriteAllBytesAsync(Path.Combine(copy, name), (await folder.ReadAsync(JobLayout.Result + name, null, CancellationToken.None)).Data);
            else await File.WriteAllBytesAsync(Path.Combine(copy, name), []);
        }
        return new ResultFiles(copy);
    }

    private async Task<IReadOnlyList<string>> LeftInRedisAsync()
    {
        long start = TimeProvider.System.GetTimestamp();
        IReadOnlyList<string?> left = _redis.Ask("KEYS", "maskrcnn/*/state/*");
        while (left.Count > 0 && TimeProvider.System.GetElapsedTime(start) < Cleared)
        {
            await Task.Delay(Look, TimeProvider.System, CancellationToken.None);
            left = _redis.Ask("KEYS", "maskrcnn/*/state/*");
        }
        return [.. left.Select(key => $"Grain state {key} is left of a job that has ended.")];
    }
}
