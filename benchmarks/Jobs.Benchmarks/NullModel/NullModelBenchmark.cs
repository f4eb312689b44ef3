using System.Diagnostics;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Client.Results;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Jobs.Benchmarks.Cluster;

namespace MaskRcnn.Jobs.Benchmarks.NullModel;

/// <summary>A job over very many tiny files with a model that does nothing.</summary>
internal static class NullModelBenchmark
{
    public static async Task<int> RunAsync(string data, int images, int workers, int? shardSize)
    {
        Directory.CreateDirectory(data);
        string collection = SmallFiles.Make(data, images);
        double plain = PlainProgram.ImagesPerSecond(collection, images, Path.Combine(data, "plain.tar"));
        Console.WriteLine(FormattableString.Invariant($"reference: one thread, read and append, {plain:N0} images/s"));

        string run = Path.Combine(data, "run");
        if (Directory.Exists(run)) Directory.Delete(run, recursive: true);
        Directory.CreateDirectory(run);
        try
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(run, workers, nullModel: true);
            var specification = new JobSpecification
            {
                Images = collection,
                Model = TinyModel.Write(run),
                Output = Path.Combine(run, "output"),
                ShardSize = shardSize,
                Thumbnails = false,
            };
            (JobHandle job, double listed, double worked, double ended) = await FollowAsync(cluster, specification);
            double rate = images / ended;
            Console.WriteLine(FormattableString.Invariant($"job: {rate:N0} images/s, {rate / plain:F2} of the reference (target 10,000 images/s)"));
            Console.WriteLine(FormattableString.Invariant($"  listed after {listed:F1} s, all committed after {worked:F1} s, reduced for {ended - worked:F1} s, ended after {ended:F1} s"));
            foreach (SiloProcess process in cluster.Processes)
                Console.WriteLine(FormattableString.Invariant($"  {process.Name}: peak {process.PeakMegabytes:N0} MB resident (target 1,000), {process.ProcessorSeconds:F1} s of processor time"));
            return await CheckAsync(job, images) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(run, recursive: true);
        }
    }

    private static async Task<(JobHandle Job, double Listed, double Worked, double Ended)> FollowAsync(LocalCluster cluster, JobSpecification specification)
    {
        long start = Stopwatch.GetTimestamp();
        JobHandle job = await cluster.Client.SubmitAsync(specification);
        double? listed = null, worked = null;
        JobStatus last = null!;
        await foreach (JobStatus status in job.PollAsync())
        {
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (status.ListingDone) listed ??= seconds;
            if (status.ListingDone && status.Images.Left == 0) worked ??= seconds;
            last = status;
        }
        double ended = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (last.State != JobState.Succeeded) throw new InvalidOperationException($"The job ended as {last.State}: {last.Reason}");
        return (job, listed ?? ended, worked ?? ended, ended);
    }

    private static async Task<bool> CheckAsync(JobHandle job, int images)
    {
        JobResults results = await job.OpenResultsAsync();
        long bytes = results.Manifest.Files.Sum(file => file.Size);
        int entries = PlainProgram.Entries(Path.Combine(results.Location, "masks.tar"));
        JobStatus status = await job.GetStatusAsync();
        Console.WriteLine(FormattableString.Invariant($"  result: {bytes / 1e6:N0} MB, {entries} entries in masks.tar, counts {status.Images}"));
        bool right = entries == images && status.Images is { Failed: 0, Left: 0 } && status.Images.Done == images;
        if (!right) await Console.Error.WriteLineAsync($"error: expected {images} entries and images");
        return right;
    }
}
