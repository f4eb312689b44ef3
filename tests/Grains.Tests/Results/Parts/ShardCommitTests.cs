using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Results.Parts;

/// <summary>The commit, and what a store may do to an attempt.</summary>
public sealed class ShardCommitTests
{
    private readonly MemoryBlobStore _memory = new();
    private readonly FaultyStore _store;

    public ShardCommitTests() => _store = new FaultyStore(_memory);

    [Fact]
    public async Task The_first_commit_is_the_shards_result_and_the_other_attempts_parts_go()
    {
        await using ShardWriter first = await WriterAsync("a1"), second = await WriterAsync("a2");
        CommitRecord mine = await first.FinishAsync(default), other = await second.FinishAsync(default);
        Assert.Equal(CommitOutcome.Mine, await first.CommitAsync(mine, default));
        Assert.Equal(CommitOutcome.Mine, await first.CommitAsync(mine, default));
        Assert.Equal(CommitOutcome.Anothers, await second.CommitAsync(other, default));

        CommitRecord record = DocumentJson.Read<CommitRecord>((await _memory.ReadAsync("commits/00000003.json", null, default)).Data, "record");
        Assert.Equal("a1", record.Attempt);
        await SampleShard.ReadAsync(_memory, record);
        Assert.DoesNotContain(await NamesAsync(), name => name.Contains("/a2/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_lost_after_success_is_found_out()
    {
        var lost = new HashSet<string>();
        _store.After = name => lost.Add(name) ? WriteOutcome.Unknown : null;
        await using ShardWriter writer = await WriterAsync("a1");
        CommitRecord record = await writer.FinishAsync(default);
        Assert.Equal(CommitOutcome.Mine, await writer.CommitAsync(record, default));
        Assert.Equal(5, lost.Count);
        await SampleShard.ReadAsync(_memory, record);
    }

    [Fact]
    public async Task A_store_that_throws_a_few_times_is_asked_again()
    {
        var tries = new Dictionary<string, int>();
        _store.Before = name => (tries[name] = tries.GetValueOrDefault(name) + 1) < 3 ? throw new BlobException("memory:", name, "the service is busy.") : null;
        await using ShardWriter writer = await WriterAsync("a1");
        Assert.Equal(CommitOutcome.Mine, await writer.CommitAsync(await writer.FinishAsync(default), default));
    }

    [Fact]
    public async Task A_part_that_cannot_be_written_fails_the_attempt_with_the_stores_reason()
    {
        _store.Before = name => name.EndsWith("masks.tar", StringComparison.Ordinal) ? throw new BlobException("memory:", name, "the disk is full.") : null;
        await using ShardWriter writer = await WriterAsync("a1");
        BlobException exception = await Assert.ThrowsAsync<BlobException>(() => writer.FinishAsync(default));
        Assert.Equal("parts/00000003/a1/masks.tar", exception.Name);
        Assert.Contains("the disk is full", exception.InnerException!.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.FinishAsync(default));
    }

    [Fact]
    public async Task A_part_of_another_attempt_is_an_error()
    {
        await _memory.WriteAsync("parts/00000003/a1/masks.tar", new byte[1], WriteCondition.Absent, "zz", default);
        await using ShardWriter writer = await WriterAsync("a1");
        Assert.Contains("another attempt", (await Assert.ThrowsAsync<BlobException>(() => writer.FinishAsync(default))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_part_of_unknown_outcome_is_looked_up(bool wasWritten)
    {
        Func<string, WriteOutcome?> lost = name => name.EndsWith("masks.tar", StringComparison.Ordinal) ? WriteOutcome.Unknown : null;
        if (wasWritten) _store.After = lost;
        else _store.Before = lost;
        int asked = 0;
        _store.OnFind = name =>
        {
            if (asked++ < 2) throw new BlobException("memory:", name, "no answer.");
        };
        await using ShardWriter writer = await WriterAsync("a1", jsonBytes: 2_000_000);
        if (wasWritten) await SampleShard.ReadAsync(_memory, await writer.FinishAsync(default));
        else Assert.Contains("it was tried several times; no answer.", (await Assert.ThrowsAsync<BlobException>(() => writer.FinishAsync(default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_that_nobody_knows_of_keeps_its_parts()
    {
        _store.Before = name => name.StartsWith("commits/", StringComparison.Ordinal) ? WriteOutcome.Unknown : null;
        await using ShardWriter writer = await WriterAsync("a1");
        CommitRecord record = await writer.FinishAsync(default);
        Assert.Equal(CommitOutcome.Unknown, await writer.CommitAsync(record, default));
        await SampleShard.ReadAsync(_memory, record);
    }

    [Fact]
    public async Task A_store_that_calls_the_attempts_own_record_anothers_costs_no_parts()
    {
        _store.After = name => name.StartsWith("commits/", StringComparison.Ordinal) ? WriteOutcome.Anothers : null;
        await using ShardWriter writer = await WriterAsync("a1");
        CommitRecord record = await writer.FinishAsync(default);
        Assert.Equal(CommitOutcome.Mine, await writer.CommitAsync(record, default));
        await SampleShard.ReadAsync(_memory, record);
    }

    [Fact]
    public async Task Parts_that_cannot_be_deleted_stay_as_orphans()
    {
        await _memory.WriteAsync("commits/00000003.json", DocumentJson.Write(new CommitRecord { Shard = "00000003", Segment = 0, First = 10, Count = 2, Attempt = "split", Children = [1, 1] }), WriteCondition.Absent, "split", default);
        _store.OnDelete = name =>
        {
            if (name.EndsWith("masks.tar", StringComparison.Ordinal)) throw new BlobException("memory:", name, "no answer.");
        };
        await using ShardWriter writer = await WriterAsync("a1");
        Assert.Equal(CommitOutcome.Anothers, await writer.CommitAsync(await writer.FinishAsync(default), default));
        Assert.Equal(["commits/00000003.json", "parts/00000003/a1/masks.tar"], await NamesAsync());
    }

    [Fact]
    public async Task An_attempt_that_is_dropped_leaves_nothing_that_anybody_sees()
    {
        await using (ShardWriter writer = await WriterAsync("a1", jsonBytes: 2_000_000))
        {
        }
        Assert.Empty(await NamesAsync());
    }

    private async Task<ShardWriter> WriterAsync(string attempt, int jsonBytes = 10)
    {
        var writer = new ShardWriter(_store, SampleShard.Job(), SampleShard.Range(2), attempt, SampleShard.Options);
        await writer.AddAsync(new EncodedImage { Image = SampleShard.Image("a"), Width = 1, Height = 1, Json = new byte[jsonBytes] }, default);
        await writer.AddAsync(SampleShard.Failed("b"), default);
        return writer;
    }

    private async Task<List<string>> NamesAsync()
    {
        List<string> names = [];
        await foreach (BlobPage page in _memory.ListAsync("", null, 100, default)) names.AddRange(page.Blobs.Select(b => b.Name));
        return names;
    }
}
