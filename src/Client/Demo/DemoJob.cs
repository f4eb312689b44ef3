using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Client.Results;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Demo;

/// <summary>The demo's job, as any user's: submitted, followed, its result fetched.</summary>
internal static class DemoJob
{
    /// <summary>Shards for each worker: enough that both are busy to the end.</summary>
    private const int ShardsPerWorker = 6;

    private const int LargestShard = 64;

    /// <summary>Runs it.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="options">The demo's options.</param>
    /// <param name="folder">Images, ground truth, and where the result goes.</param>
    /// <param name="progress">Shows how far it is.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>How it ended, and whether the model has masks.</returns>
    /// <exception cref="CommandException">It ended without a result.</exception>
    public static async Task<(JobStatus Status, bool HasMasks)> RunAsync(ClusterAddress cluster, DemoOptions options, DemoFolder folder, DemoProgress progress, CancellationToken cancellation)
    {
        var client = new MaskRcnnClientOptions { PollInterval = TimeSpan.FromMilliseconds(250) };
        await using MaskRcnnClient connection = await MaskRcnnClient.ConnectAsync(cluster, client, cancellation);
        JobHandle job = await connection.SubmitAsync(Specification(options, folder), cancellation);
        foreach (string note in job.Notes) progress.Say($"warning: {PlainText.WithoutControls(note)}");
        JobStatus last = await FollowAsync(job, client.TimeProvider, progress, cancellation);
        if (last.State is not (JobState.Succeeded or JobState.CompletedWithErrors))
            throw new CommandException(ExitCode.Error, "job_failed", $"The demo's job ended as {last.State}: {PlainText.WithoutControls(last.Reason ?? "no reason is given")} The workers' logs are in {Path.Combine(folder.Cluster, "logs")}.");
        JobResults results = await job.OpenResultsAsync(cancellation);
        await results.DownloadAsync(folder.Result, null, cancellation);
        using JsonDocument report = await results.ReadJsonAsync("report.json", cancellation);
        return (last, report.RootElement.GetProperty("iouTypes").TryGetProperty("segm", out _));
    }

    private static JobSpecification Specification(DemoOptions options, DemoFolder folder) => new()
    {
        Images = folder.Samples.Images,
        Model = options.Model,
        Output = Path.Combine(folder.Cluster, "jobs"),
        Annotations = folder.Samples.Annotations,
        ShardSize = Math.Clamp(options.Count / (DemoOptions.Workers * ShardsPerWorker), 1, LargestShard),
        // COCO's AP is at exactly 100 detections an image; with 1000 the others count all nuclei.
        EvaluationLimits = [1, 100, DemoOptions.MostDetections],
    };

    private static async Task<JobStatus> FollowAsync(JobHandle job, TimeProvider time, DemoProgress progress, CancellationToken cancellation)
    {
        JobStatus? last = null;
        await foreach (JobStatus status in job.PollAsync(cancellation))
        {
            if (status.Reason is { } reason && reason != last?.Reason && !status.State.IsFinal()) progress.Say(PlainText.WithoutControls(reason));
            progress.Show(JobText.Progress(status, time.GetUtcNow()));
            last = status;
        }
        return last!;
    }
}
