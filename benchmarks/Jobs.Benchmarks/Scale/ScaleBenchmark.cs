using System.Diagnostics;
using System.Globalization;
using System.Net;
using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Jobs.Benchmarks.Cluster;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace MaskRcnn.Jobs.Benchmarks.Scale;

/// <summary>
/// A job of a size that no machine here could compute: a real coordinator in its own process, whose clock runs faster, and simulated workers that make the calls of real
/// ones, but write no parts: when all shards are committed, the simulation ends. Workers are lost, leave and come; all that is measured is of the simulation's clock, but for the time of a status and for memory.
/// </summary>
internal static class ScaleBenchmark
{
    private const int ShardSize = 40, NumbersOfWarmUp = 10_000_000;

    /// <summary>Of 100 workers 20 are lost in an hour, and 10 leave in good order.</summary>
    private static readonly double LossesASecond = -Math.Log(1 - .2) / 3600, LeavingsASecond = -Math.Log(1 - .1) / 3600;

    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(120);

    /// <summary>Machines do not come in the same millisecond.</summary>
    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string data, int images, int workers, int factor, int seed)
    {
        string run = Path.Combine(data, "scale");
        if (Directory.Exists(run)) Directory.Delete(run, recursive: true);
        Directory.CreateDirectory(run);
        try
        {
            string model = TinyModel.Write(run);
            var clock = new ScaledTime(factor, TimeProvider.System.GetUtcNow());
            await using LocalCluster cluster = await LocalCluster.StartAsync(run, 0, nullModel: true, clock);
            JobSpecification specification = new() { Images = SyntheticCollection.Prefix + images, Model = model, Output = Path.Combine(run, "output"), ShardSize = ShardSize, Thumbnails = false, KeepPartsSeconds = 0 };
            using IHost client = await ConnectAsync(cluster.Gateway);
            IClusterClient grains = client.Services.GetRequiredService<IClusterClient>();
            await WarmUpAsync(cluster.Client, grains, specification with { Images = SyntheticCollection.Prefix + Math.Min(images, 100_000), Output = Path.Combine(run, "first") }, clock);
            long start = Stopwatch.GetTimestamp();
            JobHandle job = await cluster.Client.SubmitAsync(specification);
            var tally = new Tally(clock);
            var place = new SimulationPlace(grains, BlobStores.Open(job.Output), clock, tally);
            using var over = new CancellationTokenSource();
            var random = new Random(seed);
            int numbers = 0;
            Task[] slots = [.. Enumerable.Range(0, workers).Select(_ => SlotAsync(place, new Random(random.Next()), () => Interlocked.Increment(ref numbers), over.Token))];
            var watch = new Watch(Path.Combine(run, "state"));
            JobStatus last = await watch.UntilDoneAsync(job);
            double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
            await over.CancelAsync();
            await Task.WhenAll(slots);
            Report(images, tally, watch, cluster.Processes[0], wall, clock);
            return last.Images.Failed == 0 && tally.Images == images ? 0 : 1;
        }
        finally
        {
            Directory.Delete(run, recursive: true);
        }
    }

    /// <summary>A job that is listed, begun and cancelled: a coordinator's first job also waits for code to be compiled, which is not what this measures.</summary>
    private static async Task WarmUpAsync(MaskRcnnClient client, IGrainFactory grains, JobSpecification specification, ScaledTime clock)
    {
        JobHandle job = await client.SubmitAsync(specification);
        var place = new SimulationPlace(grains, BlobStores.Open(job.Output), clock, new Tally(clock));
        using var over = new CancellationTokenSource();
        Task[] workers = [.. Enumerable.Range(0, 50).Select(i => new SimulatedWorker(place, NumbersOfWarmUp + i).RunAsync(CancellationToken.None, CancellationToken.None, over.Token))];
        while (await job.GetStatusAsync() is { ListingDone: false } or { Images.Done: < 50 * ShardSize }) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        await over.CancelAsync();
        await Task.WhenAll(workers);
        await job.CancelAsync();
    }

    private static async Task<IHost> ConnectAsync(IPEndPoint gateway)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client.UseStaticClustering(gateway).Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (new ClusterSettings().Id, ClusterConstants.ServiceId)));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>One worker after the other: what is lost or has left is replaced.</summary>
    private static async Task SlotAsync(SimulationPlace place, Random random, Func<int> nextNumber, CancellationToken over)
    {
        try
        {
            await Task.Delay(random.NextDouble() * Arrival, place.Time, over);
            while (true)
            {
                await Task.Delay(StartUp, place.Time, over);
                using var lost = new CancellationTokenSource(Life(random, LossesASecond), place.Time);
                using var leave = new CancellationTokenSource(Life(random, LeavingsASecond), place.Time);
                await new SimulatedWorker(place, nextNumber()).RunAsync(lost.Token, leave.Token, over);
                if (over.IsCancellationRequested) return;
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
    }

    /// <summary>How long until something happens that happens so often.</summary>
    private static TimeSpan Life(Random random, double ratePerSecond) => TimeSpan.FromSeconds(Math.Min(-Math.Log(1 - random.NextDouble()) / ratePerSecond, 1e6));

    private static void Report(int images, Tally tally, Watch watch, SiloProcess coordinator, double wall, ScaledTime clock)
    {
        double total = tally.Useful + tally.Repeated, duration = (tally.LastCommit - tally.First).TotalSeconds, shard = ShardSize * SimulationPlace.ImageSeconds;
        double tail = (tally.LastCommit - tally.LastFirstLease).TotalSeconds;
        foreach (FormattableString line in (FormattableString[])
        [
            $"{images:N0} images in {tally.Commits:N0} shards of {shard:F0} s or less: {duration:N0} s from the first lease to the last record; {tally.Losses} workers lost, {tally.Leavings} left, {tally.Seconds} shards done twice",
            $"repeated work        {100 * tally.Repeated / total:F3} % of {total:N0} device-seconds (target 0.3 %)",
            $"idle time            {100 * tally.Idle / (total + tally.Idle):F2} % of device-seconds (target 2 %)",
            $"tail                 {tail:F0} s from the last first lease of any images to the last record (target {2 * shard:F0} s)",
            $"coordinator          {coordinator.PeakMegabytes:N0} MB resident at most (target 600 MB), {coordinator.ProcessorSeconds:F0} s of processor time",
            $"grain state          {watch.MostState / 1e6:F2} MB at most (target 5 MB)",
            $"job status           {watch.Quantile(.5):F1} ms in the middle, {watch.Quantile(.99):F1} ms at 99 %, {watch.Quantile(1):F1} ms at most, of {watch.Count} (target 50 ms)",
            $"slowest status       {watch.Slowest.After:F0} s of the machine's clock after the first, {watch.Slowest.Collecting:F1} ms of it garbage collection of this process, which has all workers",
            $"wall time            {wall:N0} s, at {clock.Factor} seconds of the simulation a second",
        ])
        {
            Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        }
    }
}
