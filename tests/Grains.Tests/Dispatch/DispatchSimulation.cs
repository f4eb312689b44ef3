using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Tests.Dispatch;

/// <summary>
/// Workers that ask a <see cref="DispatchQueue"/> for shards, under an event queue: no real time passes. What they have worked for whom, second by
/// second, is counted here and not by the class under test.
/// </summary>
internal sealed class DispatchSimulation
{
    private const double HeartbeatSeconds = 5, AnnounceSeconds = 1;

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly DispatchQueue _queue;
    private readonly Dictionary<string, SimulatedJob> _jobs;
    private readonly Worker[] _workers;
    private readonly PriorityQueue<Action, (double, long)> _events = new();
    private readonly Random _random;
    private double _now;
    private long _sequence;

    public DispatchSimulation(int seed, int workers, DispatchOptions options, params SimulatedJob[] jobs)
    {
        _random = new Random(seed);
        _queue = new DispatchQueue(options);
        _jobs = jobs.ToDictionary(job => job.Work.Job);
        _workers = [.. Enumerable.Range(0, workers).Select(i => new Worker($"silo{i:D3}/cpu"))];
    }

    /// <summary>Who worked for whom, from when to when.</summary>
    public List<(string Worker, string Job, double From, double To)> Worked { get; } = [];

    /// <summary>When a worker was given a shard of which job, in order.</summary>
    public List<(string Worker, string Job, double At)> Given { get; } = [];

    private DateTimeOffset Now => Start + TimeSpan.FromSeconds(_now);

    public DispatchSimulation Run(double seconds)
    {
        At(0, Announce);
        // Not all in the same moment, as pods do not start so.
        foreach (Worker worker in _workers)
        {
            double at = _random.NextDouble();
            At(at, () => Next(worker));
            At(at, () => Heartbeat(worker));
        }
        while (_events.TryDequeue(out Action? action, out (double Time, long) key) && key.Time <= seconds)
        {
            _now = key.Time;
            action();
        }
        return this;
    }

    /// <summary>Device-seconds of a job within a time.</summary>
    public double Seconds(string job, double from, double to) => Worked.Where(span => span.Job == job).Sum(span => Math.Max(0, Math.Min(to, span.To) - Math.Max(from, span.From)));

    private void Announce()
    {
        foreach (SimulatedJob job in _jobs.Values.Where(job => job.From <= _now)) _queue.Announce(job.Work with { Partitions = job.To > _now ? [0] : [] }, Now);
        At(_now + AnnounceSeconds, Announce);
    }

    private void Heartbeat(Worker worker)
    {
        _queue.Heard(worker.Report(_now), Now);
        At(_now + HeartbeatSeconds, () => Heartbeat(worker));
    }

    private void Next(Worker worker)
    {
        _queue.Heard(worker.Report(_now), Now);
        if (_queue.Candidates(worker.Report(_now), Now).Select(candidate => candidate.Job).FirstOrDefault() is not { } name)
        {
            At(_now + .5, () => Next(worker));
            return;
        }
        SimulatedJob job = _jobs[name];
        var lease = new Lease
        {
            Job = name, Output = "/out", Partition = 0, Shard = new ShardRange($"{_sequence:D8}", 0, 0, job.Images), Epoch = 1, Token = Guid.Empty, Attempt = "a", TimeToLive = TimeSpan.FromSeconds(15),
        };
        _queue.Leased(worker.Id, lease, Now);
        Given.Add((worker.Id, name, _now));
        double from = _now, to = _now + job.Images * job.ImageSeconds * (0.9 + 0.2 * _random.NextDouble());
        worker.Begin(name, lease.Shard.Id, job.Images, from, to);
        At(to, () =>
        {
            Worked.Add((worker.Id, name, from, to));
            worker.End();
            Next(worker);
        });
    }

    private void At(double time, Action action) => _events.Enqueue(action, (time, _sequence++));

    private sealed class Worker(string id)
    {
        private readonly Dictionary<string, (double Seconds, long Images)> _done = [];
        private (string Job, string Shard, int Images, double From, double To)? _work;

        public string Id { get; } = id;

        public void Begin(string job, string shard, int images, double from, double to) => _work = (job, shard, images, from, to);

        public void End()
        {
            (string job, _, int images, double from, double to) = _work!.Value;
            (double seconds, long before) = _done.GetValueOrDefault(job);
            _done[job] = (seconds + to - from, before + images);
            _work = null;
        }

        /// <summary>As it is: an image that is not out is not told of.</summary>
        public WorkerReport Report(double now)
        {
            var usage = _done.ToDictionary();
            if (_work is { } work)
            {
                double each = (work.To - work.From) / work.Images;
                int images = (int)((now - work.From) / each);
                (double seconds, long before) = usage.GetValueOrDefault(work.Job);
                usage[work.Job] = (seconds + images * each, before + images);
            }
            return new WorkerReport
            {
                Worker = Id, Host = "h", ProcessId = 1, Device = "cpu", Shards = _work is { } held ? [held.Shard] : [],
                Usage = [.. usage.Select(pair => new JobUsage(pair.Key, pair.Value.Seconds, pair.Value.Images))],
            };
        }
    }
}

/// <summary>A job that has shards from one moment to another.</summary>
/// <param name="Work">What it announces.</param>
/// <param name="Images">Images of a shard.</param>
/// <param name="ImageSeconds">How long an image takes.</param>
/// <param name="From">When it comes, seconds.</param>
/// <param name="To">When its last shard is given.</param>
internal sealed record SimulatedJob(JobWork Work, int Images, double ImageSeconds, double From = 0, double To = double.PositiveInfinity)
{
    public SimulatedJob(string name, int images, double imageSeconds, string model = "m", double weight = 1, int priority = 0, string? tenant = null)
        : this(new JobWork(name, priority, new DateTimeOffset(2026, 11, 23, 11, 0, 0, TimeSpan.Zero), [0]) { Model = model, Weight = weight, Tenant = tenant }, images, imageSeconds)
    {
    }
}
