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

    private readonly List<Task> _lasting = [];
    private readonly HashSet<string> _stopped = [];

    public List<Hit> Hits { get; } = [];

    /// <summary>Does one; those that last go on meanwhile.</summary>
    public async Task DoAsync(FaultKind kind)
    {
        try
        {
            await timeline.AskAsync();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Then the last look is what counts.
        }
        SiloProcess? victim = Victim(kind);
        Look? seen = timeline.Last;
        string[] held = victim is null || seen is null ? [] : [.. seen.Leases.Where(lease => IsOf(lease, victim)).Select(lease => lease.Shard)];
        Hit hit = new(kind, victim?.Name, seen?.Status.State ?? JobState.Created, TimeProvider.System.GetUtcNow(), held);
        lock (_stopped) Hits.Add(hit);
        Task doing = kind switch
        {
            FaultKind.KillWorker or FaultKind.KillCoordinator => ProcessGroup.SignalAsync("KILL", victim!.Id),
            FaultKind.DrainWorker or FaultKind.DrainCoordinator => ProcessGroup.SignalAsync("TERM", victim!.Id),
            FaultKind.StopWorker or FaultKind.StopCoordinator => StopAsync(victim!, hit),
            FaultKind.RestartRedis => RestartRedisAsync(loseData: false, hit),
            FaultKind.LoseRedis => RestartRedisAsync(loseData: true, hit),
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
