using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Dispatch;

/// <summary>
/// How many device-seconds each job has had for its weight, those of its leased shards among them: start-time fair queueing. Soft state, told
/// by workers; it is told the time. Not for several threads. See docs/scheduling.md.
/// </summary>
internal sealed class FairShare
{
    /// <summary>A job that did not ask for so long comes back as a new one.</summary>
    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(5);

    /// <summary>After how long an account is closed.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    /// <summary>A report may have been written before the lease that is not in it.</summary>
    private static readonly TimeSpan ReportDelay = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WorkerAccount> _workers = new(StringComparer.Ordinal);

    /// <summary>A job has shards that wait.</summary>
    public void Asks(JobWork work, DateTimeOffset now)
    {
        if (!_accounts.TryGetValue(work.Job, out Account? account)) _accounts.Add(work.Job, account = new Account(work.Job));
        (account.Weight, account.Tenant) = (work.Weight, work.Tenant);
        if (account.LastAsked is not { } last || now - last > Absence)
        {
            double[] others = [.. _accounts.Values.Where(other => other != account && other.LastAsked is { } asked && now - asked <= Absence).Select(Charged)];
            // No debt, and no claim to the time in which it did not ask.
            if (others.Length > 0) account.Virtual += Math.Max(0, others.Min() - Charged(account));
        }
        account.LastAsked = now;
        foreach (Account old in _accounts.Values.Where(a => a.Claims == 0 && now - a.LastAsked > Memory).ToArray()) _accounts.Remove(old.Job);
    }

    /// <summary>What a job has had and will have had when its leased shards are done, for its weight; the least is next.</summary>
    public double Charged(string job) => _accounts.TryGetValue(job, out Account? account) ? Charged(account) : 0;

    /// <summary>How long a shard of a job is expected to take, of as many images as its last.</summary>
    public double SecondsOfShard(string job) => _accounts.TryGetValue(job, out Account? account) ? account.SecondsOf(account.ShardImages) : ShardSizing.TargetSeconds;

    /// <summary>Devices that a tenant's jobs have.</summary>
    public int DevicesOf(string tenant) => _workers.Values.Count(worker => Has(worker, tenant));

    /// <summary>Whether a worker has a shard of a tenant's jobs.</summary>
    public bool Has(string worker, string tenant) => _workers.TryGetValue(worker, out WorkerAccount? account) && Has(account, tenant);

    /// <summary>A worker was given a shard.</summary>
    public void Leased(string worker, Lease lease, DateTimeOffset now)
    {
        if (!_accounts.TryGetValue(lease.Job, out Account? account)) _accounts.Add(lease.Job, account = new Account(lease.Job));
        account.ShardImages = lease.Shard.Count;
        Of(worker).Claims.Add(new Claim(account, lease.Shard.Id, now, account.SecondsOf(lease.Shard.Count)));
    }

    /// <summary>A worker tells what it has done and which shards it has.</summary>
    public void Heard(WorkerReport report, DateTimeOffset now)
    {
        bool isKnown = _workers.ContainsKey(report.Worker);
        WorkerAccount worker = Of(report.Worker);
        foreach (JobUsage usage in report.Usage)
        {
            JobUsage last = worker.Told.GetValueOrDefault(usage.Job) ?? (isKnown ? usage with { Seconds = 0, Images = 0 } : usage);
            worker.Told[usage.Job] = usage;
            if (_accounts.TryGetValue(usage.Job, out Account? account)) Use(worker, account, usage.Seconds - last.Seconds, usage.Images - last.Images);
        }
        foreach (string job in worker.Told.Keys.Except(report.Usage.Select(usage => usage.Job), StringComparer.Ordinal).ToArray()) worker.Told.Remove(job);
        foreach (Claim claim in worker.Claims.Where(claim => !report.Shards.Contains(claim.Shard) && now - claim.Since > ReportDelay).ToArray())
        {
            claim.End();
            worker.Claims.Remove(claim);
        }
    }

    /// <summary>A worker is gone.</summary>
    public void Forget(string worker)
    {
        if (!_workers.Remove(worker, out WorkerAccount? account)) return;
        foreach (Claim claim in account.Claims) claim.End();
    }

    private static void Use(WorkerAccount worker, Account account, double seconds, long images)
    {
        if (!(seconds > 0)) return;
        account.Virtual += seconds / account.Weight;
        account.Seconds += seconds;
        account.Images += images;
        // What was expected has come true, or more than that.
        foreach (Claim claim in worker.Claims.Where(claim => claim.Account == account))
        {
            seconds -= claim.Use(seconds);
        }
    }

    private static double Charged(Account account) => account.Virtual + account.Claimed / account.Weight;

    private static bool Has(WorkerAccount worker, string tenant) => worker.Claims.Any(claim => claim.Account.Tenant == tenant);

    private WorkerAccount Of(string worker)
    {
        if (!_workers.TryGetValue(worker, out WorkerAccount? account)) _workers.Add(worker, account = new WorkerAccount());
        return account;
    }

    private sealed class Account(string job)
    {
        public string Job { get; } = job;

        public double Weight { get; set; } = 1;

        public string? Tenant { get; set; }

        /// <summary>Device-seconds for the weight, from where it began.</summary>
        public double Virtual { get; set; }

        public double Seconds { get; set; }

        public long Images { get; set; }

        public int ShardImages { get; set; }

        public int Claims { get; set; }

        /// <summary>Device-seconds that its leased shards are expected to take yet.</summary>
        public double Claimed { get; set; }

        public DateTimeOffset? LastAsked { get; set; }

        public double SecondsOf(int images) => Images > 0 && images > 0 ? Seconds / Images * images : ShardSizing.TargetSeconds;
    }

    private sealed class WorkerAccount
    {
        public Dictionary<string, JobUsage> Told { get; } = new(StringComparer.Ordinal);

        public List<Claim> Claims { get; } = [];
    }

    /// <summary>A shard that a worker has, and the device-seconds that it is expected to take yet.</summary>
    private sealed class Claim
    {
        private double _seconds;

        public Claim(Account account, string shard, DateTimeOffset since, double seconds)
        {
            (Account, Shard, Since, _seconds) = (account, shard, since, seconds);
            account.Claims++;
            account.Claimed += seconds;
        }

        public Account Account { get; }

        public string Shard { get; }

        public DateTimeOffset Since { get; }

        /// <summary>Some of it has come true.</summary>
        /// <returns>How many seconds.</returns>
        public double Use(double seconds)
        {
            double part = Math.Min(seconds, _seconds);
            _seconds -= part;
            Account.Claimed -= part;
            return part;
        }

        public void End()
        {
            Use(_seconds);
            Account.Claims--;
        }
    }
}
