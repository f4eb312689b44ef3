using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Dispatch;

/// <summary>Which job's partitions to ask for work, and which workers there are. Not for several threads.</summary>
internal sealed class DispatchQueue
{
    private readonly Dictionary<string, JobWork> _jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WorkerReport> _workers = new(StringComparer.Ordinal);

    /// <summary>After how long without a sign of life a worker is forgotten.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether there is a job with work.</summary>
    public bool HasWork => _jobs.Count > 0;

    /// <summary>A job's work, in place of what was known of it. A job without partitions is forgotten.</summary>
    public void Announce(JobWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work.Partitions.Count > 0) _jobs[work.Job] = work;
        else _jobs.Remove(work.Job);
    }

    /// <summary>
    /// Whom to ask, in this order: jobs by priority, the highest first, then the oldest; a job's partitions as it named them. What is
    /// announced meanwhile does not change an enumeration.
    /// </summary>
    public IEnumerable<(string Job, int Partition)> Candidates()
    {
        JobWork[] jobs = [.. _jobs.Values.OrderByDescending(w => w.Priority).ThenBy(w => w.Created).ThenBy(w => w.Job, StringComparer.Ordinal)];
        return jobs.SelectMany(w => w.Partitions, (w, partition) => (w.Job, partition));
    }

    /// <summary>A partition has nothing waiting, until its job announces it again.</summary>
    public void Exhausted(string job, int partition)
    {
        if (_jobs.TryGetValue(job, out JobWork? work)) Announce(work with { Partitions = [.. work.Partitions.Where(p => p != partition)] });
    }

    /// <summary>A worker was heard of.</summary>
    public void Heard(WorkerReport report, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(report);
        _workers[report.Worker] = report with { LastHeartbeat = now };
    }

    /// <summary>Whether a worker has said that it leaves.</summary>
    public bool IsLeaving(string worker) => _workers.TryGetValue(worker, out WorkerReport? report) && report.State == WorkerReport.Draining;

    /// <summary>The workers that were heard of in the last minute, by id.</summary>
    public IReadOnlyList<WorkerReport> Workers(DateTimeOffset now)
    {
        string[] silent = [.. _workers.Values.Where(w => now - w.LastHeartbeat > Memory).Select(w => w.Worker)];
        foreach (string worker in silent) _workers.Remove(worker);
        return [.. _workers.Values.OrderBy(w => w.Worker, StringComparer.Ordinal)];
    }

    /// <summary>A silo is dead: its workers are forgotten.</summary>
    /// <param name="silo">What is before the <c>/</c> in the workers' ids.</param>
    /// <returns>The workers that it had.</returns>
    public IReadOnlyList<WorkerReport> SiloDied(string silo)
    {
        WorkerReport[] lost = [.. _workers.Values.Where(w => w.Worker.StartsWith(silo + "/", StringComparison.Ordinal)).OrderBy(w => w.Worker, StringComparer.Ordinal)];
        foreach (WorkerReport worker in lost) _workers.Remove(worker.Worker);
        return lost;
    }
}
