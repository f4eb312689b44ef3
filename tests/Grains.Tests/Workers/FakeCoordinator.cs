using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Tests.Workers;

/// <summary>A dispatcher and its only partition, without Orleans: a <see cref="PartitionTable"/> and the records in the store, and what happens to calls.</summary>
internal sealed class FakeCoordinator(PartitionTable table, Func<string, CommitRecord?> records, TimeProvider time) : IDispatcherGrain, IPartitionGrain
{
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];

    /// <summary>Called before each call, with its name: may throw, or wait.</summary>
    public Func<string, Task> OnCall { get; set; } = _ => Task.CompletedTask;

    /// <summary>What was called, without renewals and heartbeats.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    /// <summary>The state of the partition.</summary>
    public PartitionState State
    {
        get
        {
            lock (_gate) return table.Save();
        }
    }

    public Task<Lease?> Next(WorkerReport worker, CancellationToken cancellation = default) => CallAsync("next", () =>
    {
        while (table.NextCandidate(out bool askStore) is { } shard && askStore)
        {
            if (records(shard.Id) is { } record) table.Apply(record);
            else table.ConfirmUncommitted(shard.Id);
        }
        return table.TryLease(worker.Worker, time.GetUtcNow());
    });

    public Task<bool> Begin(LeaseKey lease) => CallAsync($"begin {lease.Shard}", () => table.Begin(lease.Shard, lease.Epoch, lease.Token, time.GetUtcNow()));

    public Task<bool> Renew(LeaseKey lease, int imagesDone) => CallAsync("", () => table.Renew(lease.Shard, lease.Epoch, lease.Token, imagesDone, time.GetUtcNow()));

    public Task Complete(LeaseKey lease) => CallAsync($"complete {lease.Shard}", () =>
    {
        // As the partition's grain.
        if (records(lease.Shard) is not { } record) return false;
        table.Apply(record);
        if (record is { Children: not null, Run: not null } && records(lease.Shard + ".0") is { } finished) table.Apply(finished);
        return true;
    });

    public Task Release(LeaseKey lease, string? reason) => CallAsync($"release {lease.Shard}", () => table.Release(lease.Shard, lease.Epoch, lease.Token, time.GetUtcNow(), reason));

    public Task Heartbeat(WorkerReport worker, CancellationToken cancellation = default) => CallAsync("", () => true);

    /// <summary>Whether a job of higher priority waits.</summary>
    public bool Outranks { get; set; }

    public Task<bool> IsOutranked(string worker, string job) => CallAsync("", () => Outranks);

    public Task<Lease?> TryLeaseAgain(string worker) => throw new NotSupportedException();

    public Task<Lease?> TryLeaseAgain(string worker, int idle) => throw new NotSupportedException();

    public Task<IReadOnlyList<ScalingSignal>> GetScaling(string? pool, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<WorkerReport>> ListWorkers(CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task Announce(JobWork work) => throw new NotSupportedException();

    public Task SiloDied(string silo) => throw new NotSupportedException();

    public Task<PartitionStatus> Open(int firstSegment, int segments) => throw new NotSupportedException();

    public Task<Lease?> TryLease(string worker) => throw new NotSupportedException();

    public Task<Lease?> TryLease(string worker, int idle) => throw new NotSupportedException();

    public Task Close() => throw new NotSupportedException();

    public Task<PartitionDescription> Describe() => throw new NotSupportedException();

    /// <summary>The worker is taken to be dead.</summary>
    public void SiloDied()
    {
        lock (_gate) table.WorkerDied("silo", time.GetUtcNow());
    }

    private async Task<T> CallAsync<T>(string name, Func<T> call)
    {
        await OnCall(name);
        lock (_gate)
        {
            T result = call();
            // With what it did: 'next' alone comes again and again.
            if (name == "next" && result is Lease lease) _calls.Add($"next {lease.Shard.Id}");
            else if (name is not ("" or "next")) _calls.Add(name);
            return result;
        }
    }
}
