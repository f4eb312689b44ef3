using MaskRcnn.Chaos.Evidence;
using MaskRcnn.Chaos.Places;
using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Cluster.Tests.Redis;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Chaos.Faults;

/// <summary>Does faults to a cluster.</summary>
internal sealed class Injector(ChaosSettings settings, RedisCluster cluster, RedisServer redis, IJobPlace place, Timeline timeline, Random random)
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(20), Full = TimeSpan.FromSeconds(8), Disturbed = TimeSpan.FromSeconds(12);

    private const int MostLooks = 10;

    /// <summary>A silo looks for its row every 5 s, and ends after two looks in vain.</summary>
    private static readonly TimeSpan RowsMissed = TimeSpan.FromSeconds(15);

    private readonly List<Task> _lasting = [];
    private readonly HashSet<string> _stopped = [];

    public List<Hit> Hits { get; } = [];

    /// <summary>Does one; those that last go on meanwhile.</summary>
    public async Task DoAsync(FaultKind kind)
    {
        await LookAsync();
        SiloProcess? victim = Victim(kind);
        Look? seen = timeline.Last;
        string[] held = victim is null || seen is null ? [] : [.. seen.Leases.Where(lease => lease.Worker == timeline.Workers.GetValueOrDefault(victim.Id)).Select(lease => lease.Shard)];
        Hit hit = new(kind, victim?.Name, seen?.Status.State ?? JobState.Created, TimeProvider.System.GetUtcNow(), held);
        lock (_stopped) Hits.Add(hit);
        Task doing = kind switch
        {
            FaultKind.KillWorker or FaultKind.KillCoordinator => ProcessGroup.SignalAsync("KILL", victim!.Id),
            FaultKind.DrainWorker or FaultKind.DrainCoordinator => ProcessGroup.SignalAsync("TERM", victim!.Id),
            FaultKind.StopWorker or FaultKind.StopCoordinator => StopAsync(victim!, hit),
            FaultKind.RestartRedis => RestartRedisAsync(loseData: false, hit),
            FaultKind.LoseRedis => LoseRedisAsync(hit),
            FaultKind.StorageAway => LastAsync(place.TakeAwayAsync(place is FolderPlace ? Full : Away), hit),
            _ => LastAsync(place.Disturb(random.Next())!(Disturbed), hit),
        };
        Task over = OverAsync(doing, hit);
        if (kind is FaultKind.StopWorker or FaultKind.StopCoordinator or FaultKind.StorageAway or FaultKind.StorageErrors) _lasting.Add(over);
        else await over;
    }

    /// <summary>Waits until all are over.</summary>
    public Task OverAsync() => Task.WhenAll(_lasting);

    /// <summary>Whether a lease is of a process of this place.</summary>
    public static bool IsOf(LeaseReport lease, SiloProcess process) => lease.Worker.Contains(FormattableString.Invariant($":{process.Settings.Endpoints.SiloPort}@"), StringComparison.Ordinal);

    /// <summary>Sees how it stands now; where one fault waits for another's end, the cluster has an answer soon.</summary>
    private async Task LookAsync()
    {
        for (int i = 0; i < (settings.OneByOne ? MostLooks : 1); i++)
        {
            try
            {
                await timeline.AskAsync();
                return;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Then the last look is what counts.
            }
        }
    }

    private SiloProcess? Victim(FaultKind kind)
    {
        string? role = kind switch
        {
            FaultKind.KillWorker or FaultKind.StopWorker or FaultKind.DrainWorker => "worker",
            FaultKind.KillCoordinator or FaultKind.StopCoordinator or FaultKind.DrainCoordinator => "coordinator",
            _ => null,
        };
        if (role is null) return null;
        lock (_stopped)
        {
            SiloProcess[] all = [.. cluster.Running.Where(process => process.Name.StartsWith(role, StringComparison.Ordinal) && !_stopped.Contains(process.Name))];
            SiloProcess[] busy = [.. all.Where(process => timeline.Last?.Leases.Any(lease => lease.Begun && IsOf(lease, process)) == true)];
            return busy.Length > 0 ? busy[random.Next(busy.Length)] : all[random.Next(all.Length)];
        }
    }

    private async Task StopAsync(SiloProcess victim, Hit hit)
    {
        lock (_stopped) _stopped.Add(victim.Name);
        await ProcessGroup.SignalAsync("STOP", victim.Id);
        await Task.Delay(TimeSpan.FromSeconds(settings.LeastStop + (settings.MostStop - settings.LeastStop) * random.NextDouble()), TimeProvider.System, CancellationToken.None);
        await ProcessGroup.SignalAsync("CONT", victim.Id);
        hit.Until = TimeProvider.System.GetUtcNow();
        lock (_stopped) _stopped.Remove(victim.Name);
    }

    private async Task RestartRedisAsync(bool loseData, Hit hit)
    {
        await redis.KillAsync();
        if (loseData) redis.LoseData();
        await redis.StartAgainAsync();
        hit.Until = TimeProvider.System.GetUtcNow();
    }

    /// <summary>The silos find their rows gone, and end themselves; where one fault waits for another's end, this one is over when all have.</summary>
    private async Task LoseRedisAsync(Hit hit)
    {
        HashSet<int> before = [.. cluster.Running.Select(process => process.Id)];
        await RestartRedisAsync(loseData: true, hit);
        if (!settings.OneByOne) return;
        DateTimeOffset limit = hit.Until + RowsMissed;
        while (cluster.Running.Any(process => before.Contains(process.Id)) && TimeProvider.System.GetUtcNow() < limit) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        hit.Until = TimeProvider.System.GetUtcNow();
    }

    private static async Task OverAsync(Task doing, Hit hit)
    {
        await doing;
        hit.IsOver = true;
    }

    private static async Task LastAsync(Task fault, Hit hit)
    {
        await fault;
        hit.Until = TimeProvider.System.GetUtcNow();
    }
}
