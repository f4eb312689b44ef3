using MaskRcnn.Storage.Faults;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Storage.Tests.Faults;

public sealed class FaultyStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MemoryBlobStore _inner = new();

    [Theory]
    [InlineData(FaultKind.RequestLost, WriteOutcome.Unknown, false)]
    [InlineData(FaultKind.AnswerLost, WriteOutcome.Unknown, true)]
    [InlineData(FaultKind.AnswerLostThenFound, WriteOutcome.AlreadyMine, true)]
    [InlineData(FaultKind.Refused, WriteOutcome.Anothers, false)]
    public async Task A_write_ends_as_the_plan_says(FaultKind kind, WriteOutcome outcome, bool isThere)
    {
        foreach (bool staged in new[] { false, true })
        {
            string name = "x" + staged;
            var store = new FaultyBlobStore(_inner, FaultPlans.Once(staged ? FaultyBlobStore.Commit : FaultyBlobStore.Write, "x", 1, kind));
            Assert.Equal(outcome, (await Write(store, name, staged)).Outcome);
            Assert.Equal(isThere, await _inner.FindAsync(name, None) is not null);
            Assert.Equal(isThere ? WriteOutcome.AlreadyMine : WriteOutcome.Written, (await Write(store, name, staged)).Outcome);
        }
    }

    [Theory]
    [InlineData(FaultKind.Failed, null)]
    [InlineData(FaultKind.FailedAfter, 4L)]
    [InlineData(FaultKind.Torn, 2L)]
    public async Task A_write_fails_as_the_plan_says(FaultKind kind, long? left)
    {
        var store = new FaultyBlobStore(_inner, FaultPlans.Once(FaultyBlobStore.Write, "x", 1, kind));
        await Assert.ThrowsAsync<BlobException>(() => Write(store, "x", staged: false));
        Assert.Equal(left, (await _inner.FindAsync("x", None))?.Size);
    }

    [Fact]
    public async Task A_slow_read_waits_for_its_gate()
    {
        var gate = new TaskCompletionSource();
        var store = new FaultyBlobStore(_inner, (operation, _) => operation == FaultyBlobStore.Read ? new Fault(FaultKind.Slow, gate.Task) : null);
        await Write(store, "x", staged: false);
        Task<BlobContent> read = store.ReadAsync("x", null, None);
        Assert.False(read.IsCompleted);
        gate.SetResult();
        Assert.Equal(4, (await read).Data.Length);
    }

    [Fact]
    public void A_seed_gives_the_same_faults_again()
    {
        Fault?[] Faults(int seed)
        {
            Func<string, string, Fault?> plan = FaultPlans.Seeded(seed, 0.3, FaultKind.Failed, FaultKind.AnswerLost);
            return [.. Enumerable.Range(0, 200).Select(_ => plan("", ""))];
        }
        Assert.Equal(Faults(7), Faults(7));
        Assert.NotEqual(Faults(7), Faults(8));
        Assert.InRange(Faults(7).Count(fault => fault is not null), 30, 90);
    }

    private static async Task<WriteResult> Write(FaultyBlobStore store, string name, bool staged)
    {
        if (!staged) return await store.WriteAsync(name, "1234"u8.ToArray(), WriteCondition.Absent, "a", None);
        await using BlobWriteStream stream = await store.OpenWriteAsync(name, WriteCondition.Absent, "a", None);
        await stream.WriteAsync("1234"u8.ToArray());
        return await stream.CommitAsync(None);
    }
}
