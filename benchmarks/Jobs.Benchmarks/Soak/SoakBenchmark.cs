using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Jobs.Benchmarks.Cluster;

namespace MaskRcnn.Jobs.Benchmarks.Soak;

/// <summary>
/// Small jobs, one after the other, for a long time: whether memory and tensors stay where they are. Memory is read after each job; what counts of a
/// minute is its median. Tensors are counted between jobs, when a worker has those of its model alone.
/// </summary>
internal static class SoakBenchmark
{
    /// <summary>The rows of the table, as parts of the time: memory of the last is compared with that of the first.</summary>
    private static readonly double[] Rows = [.25, .5, .75, 1];

    private const double MostGrowth = 1.05;

    /// <summary>Of so many jobs the output is kept, lest the disk fills up.</summary>
    private const int KeptOutputs = 50;

    /// <param name="data">Where the cluster's files go.</param>
    /// <param name="images">The folder of each job.</param>
    /// <param name="model">A model file; null: the small model of the golden data.</param>
    /// <param name="annotations">Ground truth of the images; null: none.</param>
    /// <param name="minutes">How long.</param>
    /// <returns>0, or 1 where memory has grown or tensors are not constant.</returns>
    public static async Task<int> RunAsync(string data, string images, string? model, string? annotations, int minutes)
    {
        string run = Path.Combine(data, "soak");
        if (Directory.Exists(run)) Directory.Delete(run, recursive: true);
        Directory.CreateDirectory(run);
        var specification = new JobSpecification
        {
            Images = Path.GetFullPath(images),
            Model = model is null ? TinyModel.Write(run) : Path.GetFullPath(model),
            Annotations = annotations is null ? null : Path.GetFullPath(annotations),
            Output = Path.Combine(run, "output"),
            // Two shards or more, so that both workers have something to do.
            ShardSize = 4,
        };
        try
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(run, workers: 2, nullModel: false, metrics: true);
            using var readings = new Readings(cluster.Processes);
            TimeSpan whole = TimeSpan.FromMinutes(minutes);
            long start = Stopwatch.GetTimestamp(), done = 0;
            int jobs = 0;
            Queue<string> outputs = [];
            for (TimeSpan now = TimeSpan.Zero; now < whole; now = Stopwatch.GetElapsedTime(start))
            {
                JobHandle job = await cluster.Client.SubmitAsync(specification);
                done += await DoneAsync(job);
                outputs.Enqueue(job.Output);
                if (outputs.Count > KeptOutputs) Directory.Delete(outputs.Dequeue(), recursive: true);
                await readings.TakeAsync(Stopwatch.GetElapsedTime(start));
                if (++jobs % 100 == 0) Console.WriteLine(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(start).TotalMinutes:F1} min: {jobs} jobs"));
            }
            Console.WriteLine(FormattableString.Invariant($"{jobs} jobs, {done} images in {minutes} min"));
            return Report(readings, whole) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(run, recursive: true);
        }
    }

    private static async Task<long> DoneAsync(JobHandle job)
    {
        JobStatus last = null!;
        await foreach (JobStatus status in job.PollAsync()) last = status;
        if (last.State != JobState.Succeeded) throw new InvalidOperationException($"Job {job.Id} ended as {last.State}: {last.Reason}");
        return last.Images.Done;
    }

    private static bool Report(Readings readings, TimeSpan whole)
    {
        TimeSpan minute = TimeSpan.FromMinutes(1), first = whole * Rows[0];
        Console.WriteLine($"| process |{string.Concat(Rows.Select(row => string.Create(CultureInfo.InvariantCulture, $" MB, minute {(whole * row).TotalMinutes:0.#} |")))} growth | tensors between jobs |");
        Console.WriteLine($"|---|{string.Concat(Rows.Select(_ => "---|"))}---|---|");
        bool holds = true;
        foreach (string process in readings.Processes)
        {
            double[] megabytes = [.. Rows.Select(row => readings.Megabytes(process, whole * row - minute, whole * row))];
            (long least, long most) = readings.Tensors(process, first);
            double growth = megabytes[^1] / megabytes[0];
            holds &= growth <= MostGrowth && least == most;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {process} |{string.Concat(megabytes.Select(mb => string.Create(CultureInfo.InvariantCulture, $" {mb:F1} |")))} {growth - 1:+0.0 %;-0.0 %} | {(most == 0 ? "" : least == most ? $"{least}" : $"{least} to {most}")} |"));
        }
        Console.WriteLine(FormattableString.Invariant($"{(holds ? "held" : "MISSED")}: memory of the last minute at most {MostGrowth - 1:P0} above that of minute {first.TotalMinutes:0.#}; tensors constant from then on"));
        return holds;
    }
}
