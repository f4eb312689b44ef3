using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Dispatch;

/// <summary>Which job's partitions to ask for work, and which workers there are. Not for several threads. The order is that of docs/scheduling.md.</summary>
/// <param name="options">How devices are shared.</param>
internal sealed class DispatchQueue(DispatchOptions options)
{
    private readonly Dictionary<string, JobWork> _jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WorkerReport> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Model, DateTimeOffset Since)> _models = new(StringComparer.Ordinal);
    private readonly FairShare _shares = new();

    /// <summary>After how long without a sign of life a worker is forgotten.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A worker that has nothing to do asks every second.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(3);

    /// <summary>One that works is heard of every few seconds.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(15);

    /// <summary>A piece is this part of what a worker still has to do when all have the same.</summary>
    private const int PiecesOfWorker = 2;

    /// <summary>A job's work, in place of what was known of it. A job without work and without demand is forgotten.</summary>
    public void Announce(JobWork work, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work.IsOver) _jobs.Remove(work.Job);
        else _jobs[work.Job] = work;
        if (work.Partitions.Count > 0) _shares.Asks(work, now);
    }

    /// <summary>
    /// Whom to ask for a worker, in this order; a job's partitions as it named them. What is announced meanwhile does not change an enumeration.
    /// </summary>
    public IEnumerable<(string Job, int Partition)> Candidates(WorkerReport worker, DateTimeOffset now) =>
        InOrder(worker, now, work => work.Partitions).SelectMany(work => work.Partitions, (work, partition) => (work.Job, partition));

    /// <summary>Whom to ask, when nothing waits, for a shard that a slower worker has.</summary>
    public IEnumerable<(string Job, int Partition)> Stragglers(WorkerReport worker, DateTimeOffset now) =>
        InOrder(worker, now, work => work.Stragglers).SelectMany(work => work.Stragglers, (work, partition) => (work.Job, partition));

    /// <summary>How many workers of a worker's pool were heard of a moment ago and have no shard.</summary>
    public int Idle(WorkerReport worker, DateTimeOffset now) =>
        _workers.Values.Count(other => other.Shards.Count == 0 && other.Pool == worker.Pool && other.State != WorkerReport.Draining && now - other.LastHeartbeat < Recently);

    /// <summary>
    /// Into how many pieces a shard of the pool's jobs should be divided before it is leased, so that its workers come to their end together: twice as many as there are workers to a shard that waits.
    /// 1 as long as more shards wait than there are workers, or a job lists images, and for a worker that has the pool to itself.
    /// </summary>
    public int Pieces(WorkerReport worker, DateTimeOffset now)
    {
        long waiting = 0;
        foreach (JobWork work in _jobs.Values)
        {
            if (work.Pool != worker.Pool || work.Demand is not { } demand) continue;
            waiting += demand.WaitingShards;
            if (!demand.ListingDone || waiting > _workers.Count) return 1;
        }
        int workers = _workers.Values.Count(other => other.Pool == worker.Pool && other.State != WorkerReport.Draining && now - other.LastHeartbeat < Lately);
        return workers < 2 ? 1 : (int)Math.Max(1, PiecesOfWorker * workers / Math.Max(1, waiting));
    }

    /// <summary>Whether a job of higher priority than this one waits for a worker, which it may have.</summary>
    public bool IsOutranked(string worker, string job, DateTimeOffset now) =>
        _jobs.TryGetValue(job, out JobWork? own) && _workers.TryGetValue(worker, out WorkerReport? report)
        && InOrder(report, now, work => work.Partitions).FirstOrDefault() is { } first && first.Priority > own.Priority;

    /// <summary>A partition has nothing for a worker, until its job announces it again.</summary>
    public void Exhausted(string job, int partition)
    {
        if (!_jobs.TryGetValue(job, out JobWork? work)) return;
        _jobs[job] = work with { Partitions = [.. work.Partitions.Where(p => p != partition)], Stragglers = [.. work.Stragglers.Where(p => p != partition)] };
    }

    /// <summary>A worker was given a shard.</summary>
    public void Leased(string worker, Lease lease, DateTimeOffset now)
    {
        _shares.Leased(worker, lease, now);
        if (!_jobs.TryGetValue(lease.Job, out JobWork? work)) return;
        if (!_models.TryGetValue(worker, out (string Model, DateTimeOffset Since) last) || last.Model != work.Model) _models[worker] = (work.Model, now);
    }

    /// <summary>A worker was heard of.</summary>
    public void Heard(WorkerReport report, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(report);
        _workers[report.Worker] = report with { LastHeartbeat = now };
        _shares.Heard(report, now);
    }

    /// <summary>Whether a worker has said that it leaves.</summary>
    public bool IsLeaving(string worker) => _workers.TryGetValue(worker, out WorkerReport? report) && report.State == WorkerReport.Draining;

    /// <summary>The workers that were heard of in the last minute, by id.</summary>
    public IReadOnlyList<WorkerReport> Workers(DateTimeOffset now)
    {
        string[] silent = [.. _workers.Values.Where(w => now - w.LastHeartbeat > Memory).Select(w => w.Worker)];
        foreach (string worker in silent) Forget(worker);
        return [.. _workers.Values.OrderBy(w => w.Worker, StringComparer.Ordinal)];
    }

    /// <summary>A silo is dead: its workers are forgotten.</summary>
    /// <param name="silo">What is before the <c>/</c> in the workers' ids.</param>
    /// <returns>The workers that it had.</returns>
    public IReadOnlyList<WorkerReport> SiloDied(string silo)
    {
        WorkerReport[] lost = [.. _workers.Values.Where(w => w.Worker.StartsWith(silo + "/", StringComparison.Ordinal)).OrderBy(w => w.Worker, StringComparer.Ordinal)];
        foreach (WorkerReport worker in lost) Forget(worker.Worker);
        return lost;
    }

    /// <summary>How many workers pools should have.</summary>
    /// <param name="pool">One of them; null: all that have a worker or a job.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<ScalingSignal> Scaling(string? pool, DateTimeOffset now)
    {
        IReadOnlyList<WorkerReport> workers = Workers(now);
        IEnumerable<string> pools = pool is not null ? [pool] : workers.Select(worker => worker.Pool).Concat(_jobs.Values.Select(job => job.Pool)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. pools.Select(name => Of(name))];

        ScalingSignal Of(string name)
        {
            WorkerReport[] members = [.. workers.Where(worker => worker.Pool == name)];
            return ScalingRule.Judge(name, _jobs.Values.Where(job => job.Pool == name), members.Count(worker => worker.Shards.Count > 0), members.Length, options, now);
        }
    }

    /// <summary>The jobs that a worker may work for and that have partitions of some kind.</summary>
    private JobWork[] InOrder(WorkerReport worker, DateTimeOffset now, Func<JobWork, IReadOnlyList<int>> partitions)
    {
        JobWork[] able = [.. _jobs.Values.Where(work => partitions(work).Count > 0 && work.Pool == worker.Pool && MayHave(worker.Worker, work.Tenant))];
        (string Model, DateTimeOffset Since)? model = _models.TryGetValue(worker.Worker, out (string Model, DateTimeOffset Since) last) ? last : null;
        bool isFresh = model is { } changed && now - changed.Since < options.KeepModel;
        return
        [
            .. able.OrderByDescending(work => work.Priority)
                .ThenByDescending(work => isFresh && work.Model == model!.Value.Model)
                .ThenBy(work => _shares.Charged(work.Job) + Change(work))
                .ThenBy(work => work.Created).ThenBy(work => work.Job, StringComparer.Ordinal),
        ];

        // A change costs time: it is for more than a shard's difference.
        double Change(JobWork work) => model is null || work.Model == model.Value.Model ? 0 : _shares.SecondsOfShard(work.Job) / 2 / work.Weight;
    }

    private bool MayHave(string worker, string? tenant) =>
        tenant is null || !options.TenantDevices.TryGetValue(tenant, out int most) || _shares.Has(worker, tenant) || _shares.DevicesOf(tenant) < most;

    private void Forget(string worker)
    {
        _workers.Remove(worker);
        _models.Remove(worker);
        _shares.Forget(worker);
    }
}
