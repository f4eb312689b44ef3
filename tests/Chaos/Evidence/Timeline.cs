using System.Collections.Concurrent;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;

namespace MaskRcnn.Chaos.Evidence;

/// <summary>What a job's cluster says of it, and what is in its folder, again and again.</summary>
internal sealed class Timeline : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200), Patient = TimeSpan.FromSeconds(3);

    private readonly JobHandle _job;
    private readonly IBlobStore _folder;
    private readonly CancellationTokenSource _over = new();
    private readonly List<Look> _looks = [];
    private readonly List<(DateTimeOffset At, string Shard, string Attempt)> _commits = [];
    private readonly Dictionary<string, string> _versions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reported = [];
    private readonly List<string> _changed = [];
    private readonly ConcurrentDictionary<int, string> _workers = [];
    private readonly Task[] _watching;

    public Timeline(JobHandle job, IBlobStore folder)
    {
        (_job, _folder) = (job, folder);
        _watching = [WatchAsync(AskAsync), WatchAsync(ReadCommitsAsync)];
    }

    /// <summary>Answers of the cluster, in order of time.</summary>
    public IReadOnlyList<Look> Looks
    {
        get
        {
            lock (_looks) return [.. _looks];
        }
    }

    /// <summary>When which record was seen first.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Shard, string Attempt)> Commits
    {
        get
        {
            lock (_commits) return [.. _commits];
        }
    }

    /// <summary>Records that have changed, which none may.</summary>
    public IReadOnlyList<string> Changed
    {
        get
        {
            lock (_commits) return [.. _changed];
        }
    }

    /// <summary>The last answer.</summary>
    public Look? Last
    {
        get
        {
            lock (_looks) return _looks.Count > 0 ? _looks[^1] : null;
        }
    }

    /// <summary>The ids of the workers that were seen, by their processes.</summary>
    public IReadOnlyDictionary<int, string> Workers => _workers;

    /// <summary>Asks now.</summary>
    public async Task AskAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        patience.CancelAfter(Patient);
        JobDescription description = await _job.DescribeAsync(patience.Token);
        var look = new Look(TimeProvider.System.GetUtcNow(), description.Status, description.Leases, description.FailedAttempts);
        foreach (WorkerReport worker in description.Workers) _workers[worker.ProcessId] = worker.Worker;
        lock (_looks) _looks.Add(look);
    }

    /// <summary>Reads the records that are new.</summary>
    public async Task ReadCommitsAsync()
    {
        await foreach (BlobPage page in _folder.ListAsync(JobLayout.Commits, null, 1000, _over.Token))
        {
            foreach (BlobInfo blob in page.Blobs)
            {
                lock (_commits)
                {
                    if (_versions.TryGetValue(blob.Name, out string? known))
                    {
                        if (known != blob.ETag && _reported.Add(blob.Name)) _changed.Add($"{blob.Name} ({known}, then {blob.ETag}, at {TimeProvider.System.GetUtcNow():O})");
                        continue;
                    }
                }
                BlobContent content = await _folder.ReadAsync(blob.Name, null, _over.Token);
                CommitRecord record = CommitTree.Parse(content.Data);
                lock (_commits)
                {
                    _versions.Add(blob.Name, content.ETag);
                    _commits.Add((TimeProvider.System.GetUtcNow(), record.Shard, record.Attempt));
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_watching);
        _over.Dispose();
    }

    private async Task WatchAsync(Func<Task> look)
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                await look();
                await Task.Delay(Between, TimeProvider.System, _over.Token);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The cluster may be away; the next look comes soon.
                await Task.Delay(Between, TimeProvider.System, CancellationToken.None);
            }
        }
    }
}

/// <summary>An answer of the cluster.</summary>
internal sealed record Look(DateTimeOffset At, JobStatus Status, IReadOnlyList<LeaseReport> Leases, IReadOnlyList<AttemptReport> FailedAttempts);
