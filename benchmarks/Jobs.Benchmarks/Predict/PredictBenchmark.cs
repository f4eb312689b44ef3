using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Jobs.Benchmarks.Cluster;
using MaskRcnn.Storage;

namespace MaskRcnn.Jobs.Benchmarks.Predict;

/// <summary>
/// <c>maskrcnn predict</c> and a job with one worker on the same images and model, in turn. Both are timed from the first image
/// read to the last output committed: predict by what it says, the job by its commit records and <c>end.json</c>.
/// </summary>
internal static class PredictBenchmark
{
    public static async Task<int> RunAsync(string data, string images, string? model, string? annotations, int rounds, int? shardSize)
    {
        string run = Path.Combine(data, "predict");
        if (Directory.Exists(run)) Directory.Delete(run, recursive: true);
        Directory.CreateDirectory(run);
        model = model is null ? TinyModel.Write(run) : Path.GetFullPath(model);
        var specification = new JobSpecification
        {
            Images = Path.GetFullPath(images),
            Model = model,
            Annotations = annotations is null ? null : Path.GetFullPath(annotations),
            Output = Path.Combine(run, "output"),
            ShardSize = shardSize,
            KeepParts = true,
        };
        try
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(run, workers: 1, nullModel: false);
            // The first job loads the model and compiles code; predict, too, compiles its code each time.
            (double cold, _) = await JobSecondsAsync(cluster, specification);
            List<double> ratios = [], jobs = [], predicts = [];
            for (int i = 0; i < rounds; i++)
            {
                (int count, double predict) = await PredictSecondsAsync(specification, Path.Combine(run, string.Create(CultureInfo.InvariantCulture, $"found-{i}")));
                (double job, double waited) = await JobSecondsAsync(cluster, specification);
                Console.WriteLine(FormattableString.Invariant($"predict {predict:F2} s ({count / predict:F1} images/s), job {job:F2} s ({count / job:F1} images/s), ratio {predict / job:F2}; from submission to the end {waited:F2} s"));
                ratios.Add(predict / job);
                jobs.Add(count / job);
                predicts.Add(count / predict);
            }
            Console.WriteLine(FormattableString.Invariant($"medians: predict {Median(predicts):F1} images/s, job {Median(jobs):F1} images/s, ratio {Median(ratios):F2} (target 0.95); the first job of the processes {cold:F2} s"));
            return 0;
        }
        finally
        {
            Directory.Delete(run, recursive: true);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<(int Images, double Seconds)> PredictSecondsAsync(JobSpecification job, string output)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "maskrcnn.dll"), "predict", "--json", "--device", "cpu", "--model", job.Model, "--input", job.Images, "--output", output, .. job.Annotations is { } annotations ? (string[])["--annotations", annotations] : []])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string json = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"predict ended with status {process.ExitCode}: {await errors}");
        using JsonDocument document = JsonDocument.Parse(json);
        return (document.RootElement.GetProperty("images").GetInt32(), document.RootElement.GetProperty("seconds").GetDouble());
    }

    /// <summary>Seconds from the first image to the end, and from the submission to the end as the client sees it.</summary>
    private static async Task<(double Seconds, double Waited)> JobSecondsAsync(LocalCluster cluster, JobSpecification specification)
    {
        long start = Stopwatch.GetTimestamp();
        JobHandle job = await cluster.Client.SubmitAsync(specification);
        JobStatus last = null!;
        await foreach (JobStatus status in job.PollAsync()) last = status;
        double waited = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (last.State != JobState.Succeeded) throw new InvalidOperationException($"The job ended as {last.State}: {last.Reason}");

        IBlobStore store = BlobStores.Open(job.Output);
        List<RunDetails> runs = [];
        await foreach (BlobPage page in store.ListAsync(JobLayout.Commits, null, 1000, CancellationToken.None))
        {
            foreach (BlobInfo blob in page.Blobs)
                runs.Add((await store.ReadDocumentAsync<CommitRecord>(blob.Name, CancellationToken.None)).Run!);
        }
        EndDocument end = await store.ReadDocumentAsync<EndDocument>(JobLayout.End, CancellationToken.None);
        DateTimeOffset first = runs.Min(r => r.Started), committed = runs.Max(r => r.Finished);
        Console.WriteLine(FormattableString.Invariant($"  job: {runs.Count} shards, first image {(first - job.Created).TotalSeconds:F2} s after submission, committed after {(committed - first).TotalSeconds:F2} s more, end after {(end.Finished - committed).TotalSeconds:F2} s more"));
        return ((end.Finished - first).TotalSeconds, waited);
    }
}
