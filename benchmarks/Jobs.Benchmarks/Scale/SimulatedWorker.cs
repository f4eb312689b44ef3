using System.Globalization;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Grains;
using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;

namespace MaskRcnn.Jobs.Benchmarks.Scale;

/// <summary>What the simulated workers have in common.</summary>
internal sealed record SimulationPlace(IGrainFactory Grains, IBlobStore Job, ScaledTime Time, Tally Tally)
{
    public const double ImageSeconds = .5, RenewSeconds = 5;

    /// <summary>So long the others take to notice a silo's death.</summary>
    public static readonly TimeSpan Noticed = TimeSpan.FromSeconds(10);
}

/// <summary>
/// One life of a worker, which makes the calls of a real one: it leases and begins a shard when the pipeline has room, renews, puts the record, completes. It does not
/// compute; it waits.
/// </summary>
internal sealed class SimulatedWorker(SimulationPlace place, int number)
{
    /// <summary>As a worker with a GPU has it.</summary>
    private static readonly PredictionOptions Pipeline = new() { BatchSize = 8 };

    private readonly string _silo = string.Create(CultureInfo.InvariantCulture, $"S10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}:11111:{number}");
    private readonly List<Held> _held = [];
    private long _images;
    private (Lease? Lease, DateTimeOffset Start) _work;

    private sealed record Held(LeaseKey Key, IPartitionGrain Partition, Lease Lease)
    {
        /// <summary>Another worker has it, or has done it.</summary>
        public CancellationTokenSource Refused { get; } = new();
    }

    private string Worker => _silo + "/cuda:0";

    /// <summary>Lives until it is lost, leaves, or the job is over.</summary>
    /// <param name="lost">Ends it as a lost machine does, without a word.</param>
    /// <param name="leave">Asks it to end after its shard.</param>
    /// <param name="over">The job is over.</param>
    public async Task RunAsync(CancellationToken lost, CancellationToken leave, CancellationToken over)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lost, over);
        Task renewing = RenewAsync(end.Token);
        try
        {
            Task<Lease?> next = LeaseAsync(end.Token, leave);
            while (!leave.IsCancellationRequested)
            {
                DateTimeOffset idle = place.Time.GetUtcNow();
                Lease? lease;
                try
                {
                    lease = await next.WaitAsync(end.Token);
                }
                catch (OperationCanceledException) when (over.IsCancellationRequested)
                {
                    place.Tally.WaitedInVain(idle);
                    throw;
                }
                if (lease is null) break;
                place.Tally.Waited(idle);
                await WorkAsync(lease, () => next = LeaseAsync(end.Token, leave), lost, end.Token);
            }
            await GiveBackAsync();
            if (!over.IsCancellationRequested) place.Tally.Left();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            if (over.IsCancellationRequested) return;
            await Task.Delay(SimulationPlace.Noticed, place.Time, CancellationToken.None);
            await AgainAsync(() => place.Grains.GetGrain<IDispatcherGrain>(0).SiloDied(_silo));
        }
        finally
        {
            await end.CancelAsync();
            await renewing;
        }
    }

    private async Task<Lease?> LeaseAsync(CancellationToken end, CancellationToken leave)
    {
        while (!end.IsCancellationRequested && !leave.IsCancellationRequested)
        {
            Lease? lease = await AgainAsync(() => place.Grains.GetGrain<IDispatcherGrain>(0).Next(Report(), CancellationToken.None));
            if (lease is null) continue;
            place.Tally.Leased(lease);
            IPartitionGrain partition = place.Grains.GetGrain<IPartitionGrain>(string.Create(CultureInfo.InvariantCulture, $"{lease.Job}/{lease.Partition}"));
            var key = new LeaseKey(lease.Shard.Id, lease.Epoch, lease.Token);
            lock (_held) _held.Add(new Held(key, partition, lease));
            if (await AgainAsync(() => partition.Begin(key))) return lease;
            Forget(lease);
        }
        return null;
    }

    /// <summary>Works on a shard.</summary>
    /// <param name="lease">Which.</param>
    /// <param name="allIn">When its last image is in the pipeline.</param>
    /// <param name="lost">The worker is lost.</param>
    /// <param name="end">It ends for whatever reason.</param>
    private async Task WorkAsync(Lease lease, Action allIn, CancellationToken lost, CancellationToken end)
    {
        Held? held;
        lock (_held) held = _held.Find(one => one.Lease == lease);
        if (held is null)
        {
            // Another worker has taken it, which had nothing to do.
            allIn();
            return;
        }
        (LeaseKey key, IPartitionGrain partition, _) = held;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(end, held.Refused.Token);
        var hasRoom = false;
        DateTimeOffset start = place.Time.GetUtcNow();
        lock (_held) _work = (lease, start);
        double Seconds() => (place.Time.GetUtcNow() - start).TotalSeconds;
        try
        {
            int inFlight = Math.Min(lease.Shard.Count, Pipeline.Window);
            await Task.Delay(TimeSpan.FromSeconds(SimulationPlace.ImageSeconds * (lease.Shard.Count - inFlight)), place.Time, over.Token);
            hasRoom = true;
            allIn();
            await Task.Delay(TimeSpan.FromSeconds(SimulationPlace.ImageSeconds * inFlight), place.Time, over.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            place.Tally.Dropped(Seconds());
            if (!hasRoom) allIn();
            return;
        }
        catch (OperationCanceledException)
        {
            if (lost.IsCancellationRequested) place.Tally.Lost(Seconds());
            throw;
        }
        double seconds = Seconds();
        CommitRecord record = Record(lease, seconds), there = await place.Job.PutDocumentAsync(JobLayout.Commit(lease.Shard.Id), record, CancellationToken.None);
        place.Tally.Finished(lease.Shard.Count, seconds, there.Attempt == record.Attempt);
        _images += lease.Shard.Count;
        Forget(lease);
        await AgainAsync(() => partition.Complete(key));
    }

    /// <summary>Renews what is held, and reports, as long as it lives.</summary>
    private async Task RenewAsync(CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(SimulationPlace.RenewSeconds), place.Time, end);
                Held[] held;
                lock (_held) held = [.. _held];
                await Task.WhenAll([.. held.Select(RenewAsync), AgainAsync(() => place.Grains.GetGrain<IDispatcherGrain>(0).Heartbeat(Report(), CancellationToken.None))]);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task RenewAsync(Held one)
    {
        if (await AgainAsync(() => one.Partition.Renew(one.Key, Done(one.Lease)))) return;
        Forget(one.Lease);
        await one.Refused.CancelAsync();
    }

    private async Task GiveBackAsync()
    {
        Held[] held;
        lock (_held) held = [.. _held];
        foreach ((LeaseKey key, IPartitionGrain partition, Lease lease) in held)
        {
            Forget(lease);
            await AgainAsync(() => partition.Release(key, null));
        }
    }

    /// <summary>Images of a shard that are finished.</summary>
    private int Done(Lease lease)
    {
        lock (_held) return _work.Lease != lease ? 0 : Math.Min(lease.Shard.Count, (int)((place.Time.GetUtcNow() - _work.Start).TotalSeconds / SimulationPlace.ImageSeconds));
    }

    private void Forget(Lease lease)
    {
        lock (_held) _held.RemoveAll(one => one.Lease == lease);
    }

    private WorkerReport Report()
    {
        lock (_held)
        {
            return new WorkerReport
            {
                Worker = Worker, Host = _silo, ProcessId = number, Device = "cuda:0", Model = "simulated", Shards = [.. _held.Select(one => one.Lease.Shard.Id)], Images = _images,
                ImagesPerSecond = 1 / SimulationPlace.ImageSeconds, State = "working", Usage = _held.Count == 0 ? [] : [new JobUsage(_held[0].Lease.Job, _images * SimulationPlace.ImageSeconds, _images)],
            };
        }
    }

    private CommitRecord Record(Lease lease, double seconds)
    {
        DateTimeOffset now = place.Time.GetUtcNow();
        return new CommitRecord
        {
            Shard = lease.Shard.Id, Segment = lease.Shard.Segment, First = lease.Shard.First, Count = lease.Shard.Count, Attempt = lease.Attempt, Done = lease.Shard.Count,
            Run = new RunDetails(Worker, now - TimeSpan.FromSeconds(seconds), now, 1) { DeviceTime = new Grains.Jobs.DeviceTime("cuda", 0, seconds, 0) },
        };
    }

    private static async Task<T> AgainAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    private static Task<bool> AgainAsync(Func<Task> call) => AgainAsync(async () =>
    {
        await call();
        return true;
    });
}
