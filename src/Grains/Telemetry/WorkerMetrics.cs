using System.Diagnostics.Metrics;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Telemetry;

/// <summary>What workers emit. Labels have few values: never a job, a shard or an image.</summary>
internal static class WorkerMetrics
{
    private static readonly Watched<WorkerGauges> Workers = new();

    /// <summary>From a small image on a GPU to a large shard's evaluation, seconds.</summary>
    private static readonly InstrumentAdvice<double> StageBuckets = new() { HistogramBucketBoundaries = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60] };

    private static readonly Counter<long> ImagesDone = Instrumentation.Meter.CreateCounter<long>("maskrcnn.images.done", "{image}", "Images that a worker has finished with a result.");
    private static readonly Counter<long> ImagesFailed = Instrumentation.Meter.CreateCounter<long>("maskrcnn.images.failed", "{image}", "Images that a worker has finished with an error.");
    private static readonly Histogram<double> StageDuration = Instrumentation.Meter.CreateHistogram("maskrcnn.stage.duration", "s", "Time of a stage of a worker.", tags: null, StageBuckets);
    private static readonly Counter<long> AttemptsEnded = Instrumentation.Meter.CreateCounter<long>("maskrcnn.attempts.ended", "{attempt}", "Attempts at shards that a worker has ended.");

    static WorkerMetrics()
    {
        Meter meter = Instrumentation.Meter;
        meter.CreateObservableGauge("maskrcnn.queue.depth", () => Workers.Now.SelectMany(Depths), "{item}", "What waits in a worker's queues.");
        meter.CreateObservableGauge("maskrcnn.worker.leases", () => Workers.Now.Select(w => Of(w, w.Leases())), "{lease}", "Leases that a worker holds.");
        meter.CreateObservableGauge("maskrcnn.worker.tensors", () => TorchLibrary.LiveTensors, "{tensor}", "Live tensors of the worker's process.");
        meter.CreateObservableGauge("maskrcnn.device.busy", () => Workers.Now.Select(w => Of(w, w.Clock.Share())), "1", "Share of the time in which the model was at work on the device.");
        meter.CreateObservableCounter("maskrcnn.device.busy.time", () => Workers.Now.Select(w => Of(w, w.Clock.Busy.TotalSeconds)), "s", "Time in which the model was at work on the device.");
    }

    /// <summary>A worker begins: its gauges are looked at, and its counters are there before anything happens.</summary>
    public static void Begin(WorkerGauges worker)
    {
        Workers.Add(worker);
        ImagesDone.Add(0, Device(worker.Device));
        foreach (string cause in ImageErrorCauses.All) ImagesFailed.Add(0, Device(worker.Device), new("cause", cause));
        foreach (string outcome in AttemptOutcomes.All) AttemptsEnded.Add(0, Device(worker.Device), new("outcome", outcome));
    }

    /// <summary>A worker has ended.</summary>
    public static void End(WorkerGauges worker) => Workers.Remove(worker);

    /// <summary>An image is in its shard's parts.</summary>
    public static void Image(string device, ImageError? error)
    {
        if (error is null) ImagesDone.Add(1, Device(device));
        else ImagesFailed.Add(1, Device(device), new("cause", error.Cause));
    }

    /// <summary>A stage has taken a time.</summary>
    public static void Stage(string stage, string device, TimeSpan time) => StageDuration.Record(time.TotalSeconds, new("stage", stage), Device(device));

    /// <summary>An attempt has ended, see <see cref="AttemptOutcomes"/>.</summary>
    public static void Attempt(string device, string outcome) => AttemptsEnded.Add(1, Device(device), new("outcome", outcome));

    private static KeyValuePair<string, object?> Device(string device) => new(Instrumentation.DeviceLabel, device);

    private static Measurement<T> Of<T>(WorkerGauges worker, T value) where T : struct => new(value, Device(worker.Device));

    private static Measurement<int>[] Depths(WorkerGauges worker)
    {
        PipelineDepths depths = worker.Pipeline();
        return [Depth("window", depths.Window), Depth(Stages.Decode, depths.Decode), Depth(Stages.Infer, depths.Infer), Depth(Stages.Encode, depths.Encode), Depth(Stages.Commit, worker.Commits())];

        Measurement<int> Depth(string queue, int depth) => new(depth, Device(worker.Device), new("queue", queue));
    }
}

/// <summary>What can be seen of a worker at any time, by any thread.</summary>
/// <param name="Device">Its device.</param>
/// <param name="Clock">The device's.</param>
/// <param name="Leases">How many it holds.</param>
/// <param name="Pipeline">What waits in its pipeline.</param>
/// <param name="Commits">How many shards wait to be committed.</param>
internal sealed record WorkerGauges(string Device, DeviceClock Clock, Func<int> Leases, Func<PipelineDepths> Pipeline, Func<int> Commits);
