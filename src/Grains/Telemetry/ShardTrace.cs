using System.Diagnostics;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Grains.Telemetry;

/// <summary>
/// An attempt at a shard, measured. Its span, and one below it a stage, are made when it has ended: a span for every image would be
/// millions, so a stage's is from its first image's beginning to its last one's end, with the time that it worked. For any thread.
/// </summary>
internal sealed class ShardTrace(Lease lease, string device)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Span> _stages = [];
    private JobDocument? _job;
    private int _done, _failed;
    private bool _ended;

    /// <summary>What the attempt belongs to, once it is known.</summary>
    public void Belongs(JobDocument job) => _job = job;

    /// <summary>An image has been through the pipeline.</summary>
    public void Image(PredictionTimings timings, TimeSpan encoding)
    {
        Stage(Stages.Fetch, timings.ReadEnd, timings.Read);
        Stage(Stages.Decode, timings.DecodeEnd, timings.Decode);
        // The batch is measured where it runs; here it is only a part of the span.
        if (timings.InferEnd != 0) Extend(Stages.Infer, timings.InferEnd, timings.Infer);
        Stage(Stages.Encode, Stopwatch.GetTimestamp(), timings.Encode + encoding);
    }

    /// <summary>An image is in the shard's parts.</summary>
    /// <param name="start">When that began, by <see cref="Stopwatch"/>.</param>
    /// <param name="error">Its error, if it has one.</param>
    public void Written(long start, ImageError? error)
    {
        lock (_gate)
        {
            if (error is null) _done++;
            else _failed++;
        }
        WorkerMetrics.Image(device, error);
        Stage(Stages.Write, start);
    }

    /// <summary>A stage of the shard has ended now.</summary>
    /// <param name="stage">See <see cref="Stages"/>.</param>
    /// <param name="start">When it began, by <see cref="Stopwatch"/>.</param>
    public void Stage(string stage, long start) => Stage(stage, Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(start));

    /// <summary>The attempt has ended. Only the first word counts.</summary>
    /// <param name="outcome">See <see cref="AttemptOutcomes"/>.</param>
    public void End(string outcome)
    {
        lock (_gate)
        {
            if (_ended) return;
            _ended = true;
        }
        WorkerMetrics.Attempt(device, outcome);
        if (_job is not null && Instrumentation.Source.HasListeners()) Emit(_job, outcome);
    }

    private void Stage(string stage, long end, TimeSpan time)
    {
        if (end == 0) return;
        WorkerMetrics.Stage(stage, device, time);
        Extend(stage, end, time);
    }

    private void Extend(string stage, long end, TimeSpan time)
    {
        if (!Instrumentation.Source.HasListeners()) return;
        long begin = end - (long)(time.TotalSeconds * Stopwatch.Frequency);
        lock (_gate)
        {
            _stages[stage] = _stages.TryGetValue(stage, out Span span)
                ? new Span(Math.Min(span.Begin, begin), Math.Max(span.End, end), span.Busy + time, span.Count + 1)
                : new Span(begin, end, time, 1);
        }
    }

    private void Emit(JobDocument job, string outcome)
    {
        // What is under way here is not what these spans are about.
        Activity? current = Activity.Current;
        Activity.Current = null;
        using (Activity? shard = Instrumentation.Source.StartActivity("shard", ActivityKind.Internal, JobTrace.Root(job), startTime: At(_start)))
        {
            shard?.SetTag("maskrcnn.job", lease.Job).SetTag("maskrcnn.shard", lease.Shard.Id).SetTag("maskrcnn.attempt", lease.Attempt).SetTag("maskrcnn.shard.epoch", lease.Epoch)
                .SetTag("maskrcnn.device", device).SetTag("maskrcnn.outcome", outcome).SetTag("maskrcnn.images.done", _done).SetTag("maskrcnn.images.failed", _failed);
            if (outcome == AttemptOutcomes.Failed) shard?.SetStatus(ActivityStatusCode.Error);
            lock (_gate)
            {
                foreach ((string stage, Span span) in _stages)
                {
                    using Activity? part = Instrumentation.Source.StartActivity(stage, ActivityKind.Internal, default(ActivityContext), startTime: At(span.Begin));
                    part?.SetTag("maskrcnn.stage.busy_seconds", span.Busy.TotalSeconds).SetTag("maskrcnn.stage.count", span.Count).SetEndTime(At(span.End).UtcDateTime);
                }
            }
        }
        Activity.Current = current;
    }

    private static DateTimeOffset At(long timestamp) => TimeProvider.System.GetUtcNow() - Stopwatch.GetElapsedTime(timestamp);

    private readonly record struct Span(long Begin, long End, TimeSpan Busy, int Count);
}
