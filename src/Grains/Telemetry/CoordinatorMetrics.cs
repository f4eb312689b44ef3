using System.Diagnostics.Metrics;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Telemetry;

/// <summary>What coordinators emit. Labels have few values: never a job, a shard or an image.</summary>
internal static class CoordinatorMetrics
{
    private static readonly InstrumentAdvice<double> ReductionBuckets = new() { HistogramBucketBoundaries = [.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 600, 1800, 3600] };

    private static readonly Counter<long> Leases = Instrumentation.Meter.CreateCounter<long>("maskrcnn.lease.events", "{event}", "What became of leases.");
    private static readonly Counter<long> Attempts = Instrumentation.Meter.CreateCounter<long>("maskrcnn.shard.attempts", "{attempt}", "Attempts at shards that were begun by a lease.");
    private static readonly Counter<long> ShardsEnded = Instrumentation.Meter.CreateCounter<long>("maskrcnn.shards.ended", "{shard}", "Shards that have got a commit record.");
    private static readonly Counter<long> ImagesCommitted = Instrumentation.Meter.CreateCounter<long>("maskrcnn.images.committed", "{image}", "Images of shards that were committed.");
    private static readonly Counter<long> JobsEnded = Instrumentation.Meter.CreateCounter<long>("maskrcnn.jobs.ended", "{job}", "Jobs that have ended.");
    private static readonly Histogram<double> ReductionDuration = Instrumentation.Meter.CreateHistogram("maskrcnn.reduction.duration", "s", "Time of writing a job's result.", tags: null, ReductionBuckets);

    private static readonly JobState[] States = Enum.GetValues<JobState>();

    static CoordinatorMetrics()
    {
        Meter meter = Instrumentation.Meter;
        meter.CreateObservableGauge("maskrcnn.jobs", () => States.Where(s => !s.IsFinal()).Select(s => Labelled(Jobs.Now.Count(j => j.State == s), "state", Text(s))), "{job}", "Jobs that have not ended, of this silo.");
        meter.CreateObservableGauge("maskrcnn.jobs.images.left", () => Jobs.Now.Sum(j => j.ImagesLeft), "{image}", "Images that are listed and not committed, of this silo's jobs.");
        meter.CreateObservableGauge("maskrcnn.shards", () => new[] { Labelled(Partitions.Now.Sum(p => p.Waiting), "state", "waiting"), Labelled(Partitions.Now.Sum(p => p.Leased), "state", "leased") }, "{shard}", "Shards that wait for a worker, and those that one has, of this silo's partitions.");
        meter.CreateObservableGauge("maskrcnn.workers", () => Dispatchers.Now.Select(d => new Measurement<int>(d.Workers)), "{worker}", "Workers that were heard of in the last minute; of the one silo that has the dispatcher.");
        meter.CreateObservableGauge("maskrcnn.pool.wanted_workers", () => Dispatchers.Now.SelectMany(d => d.Pools).Select(p => Labelled(p.Wanted, "pool", p.Pool)), "{worker}", "Workers that a pool should have; of the one silo that has the dispatcher.");
        meter.CreateObservableGauge("maskrcnn.pool.busy_workers", () => Dispatchers.Now.SelectMany(d => d.Pools).Select(p => Labelled(p.Busy, "pool", p.Pool)), "{worker}", "Workers of a pool that have a shard; of the one silo that has the dispatcher.");
    }

    public static Watched<JobGauges> Jobs { get; } = new();

    public static Watched<PartitionGauges> Partitions { get; } = new();

    public static Watched<DispatcherGauges> Dispatchers { get; } = new();

    /// <summary>A coordinator begins: its counters are there before anything happens.</summary>
    public static void Begin()
    {
        foreach (string lease in LeaseEvents.All) LeaseEvent(lease, 0);
        foreach (string attempt in (string[])["first", "repeated"]) Attempts.Add(0, new KeyValuePair<string, object?>("attempt", attempt));
        foreach (string outcome in (string[])["committed", "split", "divided", "given_up"]) ShardsEnded.Add(0, new KeyValuePair<string, object?>("outcome", outcome));
        Images(0, 0);
        foreach (JobState state in States.Where(s => s.IsFinal())) JobsEnded.Add(0, new KeyValuePair<string, object?>("state", Text(state)));
    }

    /// <summary>A shard was leased.</summary>
    /// <param name="epoch">How often it has been leased, from 1.</param>
    public static void Leased(int epoch)
    {
        LeaseEvent(LeaseEvents.Granted);
        Attempts.Add(1, new KeyValuePair<string, object?>("attempt", epoch == 1 ? "first" : "repeated"));
    }

    /// <summary>Something became of leases, see <see cref="LeaseEvents"/>.</summary>
    public static void LeaseEvent(string what, int count = 1) => Leases.Add(count, new KeyValuePair<string, object?>("event", what));

    /// <summary>A partition has learnt of a shard's commit record.</summary>
    public static void Ended(CommitRecord record)
    {
        string outcome = record switch { { IsDivision: true } => "divided", { Children: not null } => "split", { GivenUp: not null } => "given_up", _ => "committed" };
        ShardsEnded.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        Images(record.Done, record.Failed);
    }

    /// <summary>A job has ended.</summary>
    public static void Ended(JobState state) => JobsEnded.Add(1, new KeyValuePair<string, object?>("state", Text(state)));

    /// <summary>A job's result was written, or not.</summary>
    public static void Reduced(TimeSpan time, bool isDone) => ReductionDuration.Record(time.TotalSeconds, new KeyValuePair<string, object?>("outcome", isDone ? "done" : "failed"));

    private static void Images(int done, int failed)
    {
        ImagesCommitted.Add(done, new KeyValuePair<string, object?>("outcome", "done"));
        ImagesCommitted.Add(failed, new KeyValuePair<string, object?>("outcome", "failed"));
    }

    private static Measurement<int> Labelled(int value, string label, string text) => new(value, new KeyValuePair<string, object?>(label, text));

#pragma warning disable CA1308 // Labels are lower case.
    private static string Text(JobState state) => state == JobState.CompletedWithErrors ? "completed_with_errors" : state.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
