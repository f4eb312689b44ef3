using System.Text;
using CsCheck;

namespace MaskRcnn.Storage.Tests;

/// <summary>What every store keeps to: run over each of them.</summary>
public abstract partial class StoreContractTests : IDisposable
{
    protected static readonly CancellationToken None = CancellationToken.None;

    /// <summary>A store with nothing in it.</summary>
    protected abstract IBlobStore Store { get; }

    /// <summary>The same blobs, opened anew as after a restart.</summary>
    protected abstract IBlobStore Reopen();

    [Fact]
    public async Task What_was_written_is_read()
    {
        WriteResult written = await Put("a/b/c.json", "hello");
        BlobContent read = await Store.ReadAsync("a/b/c.json", null, None);
        Assert.Equal(WriteOutcome.Written, written.Outcome);
        Assert.Equal("hello", Encoding.UTF8.GetString(read.Data));
        Assert.Equal(written.ETag, read.ETag);
        Assert.Equal(new BlobInfo("a/b/c.json", 5, written.ETag!) { Attempt = "attempt" }, await Store.FindAsync("a/b/c.json", None));
    }

    [Fact]
    public async Task A_blob_that_is_there_is_not_written_again_by_put_if_absent()
    {
        WriteResult first = await Put("x", "one", WriteCondition.Absent, "a1");
        Assert.Equal(new WriteResult(WriteOutcome.Anothers, first.ETag), await Put("x", "two", WriteCondition.Absent, "a2"));
        Assert.Equal(new WriteResult(WriteOutcome.AlreadyMine, first.ETag), await Put("x", "one", WriteCondition.Absent, "a1"));
        Assert.Equal("one", await Text("x"));
    }

    [Fact]
    public async Task Put_if_match_replaces_only_the_version_that_it_names()
    {
        WriteResult first = await Put("x", "one", WriteCondition.None, "a1");
        WriteResult second = await Put("x", "two", WriteCondition.Match(first.ETag!), "a2");
        Assert.Equal(WriteOutcome.Written, second.Outcome);
        Assert.Equal(new WriteResult(WriteOutcome.Anothers, second.ETag), await Put("x", "3", WriteCondition.Match(first.ETag!), "a3"));
        Assert.Equal(new WriteResult(WriteOutcome.AlreadyMine, second.ETag), await Put("x", "two", WriteCondition.Match(first.ETag!), "a2"));
        Assert.Equal("two", await Text("x"));
        Assert.Equal(WriteOutcome.Anothers, (await Put("gone", "x", WriteCondition.Match(first.ETag!), "a4")).Outcome);
    }

    [Fact]
    public async Task Names_are_listed_in_ordinal_order_page_by_page()
    {
        string[] names = ["a-b", "a/b", "a.b", "a/b-c", "a/c/d", "a0", "Z", "ä/ö", "日本/画像.png", "z/a", "z/b", "z/c"];
        foreach (string name in names) await Put(name, name);
        string[] expected = [.. names.Order(StringComparer.Ordinal)];
        foreach (int pageSize in new[] { 1, 2, 5, 100 })
        {
            Assert.Equal(expected, await Names("", null, pageSize));
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[(i + 1)..], await Names("", new ListPosition(expected[i]), pageSize));
        }
        Assert.Equal(["z/b", "z/c"], await Names("z/", new ListPosition("z/aa"), 10));
        Assert.Equal(["a/b", "a/b-c"], await Names("a/b", null, 1));
        Assert.Equal(["a/b-c"], await Names("a/b", new ListPosition("a/b"), 1));
    }

    [Fact]
    public async Task Hidden_names_are_kept_but_not_listed()
    {
        foreach (string name in new[] { ".a", "b/.c/d", "e", "f.g" }) await Put(name, name);
        Assert.Equal(["e", "f.g"], await Names("", null, 10));
        Assert.Empty(await Names("b/.c/", null, 10));
        Assert.Equal("b/.c/d", await Text("b/.c/d"));
    }

    [Fact]
    public async Task A_listing_shows_size_and_ETag_as_a_read_does()
    {
        WriteResult written = await Put("a", "12345");
        await foreach (BlobPage page in Store.ListAsync("", null, 10, None))
            Assert.Equal(new BlobInfo("a", 5, written.ETag!), Assert.Single(page.Blobs));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/./x")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a\\..\\b")]
    [InlineData("a\0b")]
    [InlineData("a/.maskrcnn-tmp-1")]
    public async Task No_operation_takes_a_name_that_may_leave_the_root(string name)
    {
        await Put("ok", "ok");
        await Assert.ThrowsAsync<BlobNameException>(() => Store.FindAsync(name, None));
        await Assert.ThrowsAsync<BlobNameException>(() => Store.ReadAsync(name, null, None));
        await Assert.ThrowsAsync<BlobNameException>(() => Store.OpenReadAsync(name, null, None));
        await Assert.ThrowsAsync<BlobNameException>(() => Put(name, "x"));
        await Assert.ThrowsAsync<BlobNameException>(() => Store.OpenWriteAsync(name, WriteCondition.None, "a", None));
        await Assert.ThrowsAsync<BlobNameException>(() => Store.DeleteAsync(name, null, None));
    }

    [Fact]
    public Task A_name_that_is_not_Unicode_is_refused() => No_operation_takes_a_name_that_may_leave_the_root("a\ud800");

    [Fact]
    public async Task A_listing_does_not_take_a_prefix_that_leaves_the_root()
    {
        await Put("ok", "ok");
        foreach (string prefix in new[] { "../", "a/../../b", "/etc/" })
            await Assert.ThrowsAsync<BlobNameException>(() => Names(prefix, null, 10));
    }

    [Fact]
    public async Task Ranges_are_read_and_cut_to_what_there_is()
    {
        await Put("x", "0123456789");
        await Put("empty", "");
        foreach ((long offset, long? length, string expected) in new (long, long?, string)[]
            { (0, null, "0123456789"), (3, 4, "3456"), (8, 100, "89"), (10, 1, ""), (50, null, ""), (0, 0, ""), (5, 0, ""), (9, null, "9") })
        {
            var options = new BlobReadOptions { Offset = offset, Length = length };
            Assert.Equal(expected, Encoding.UTF8.GetString((await Store.ReadAsync("x", options, None)).Data));
            await using Stream stream = await Store.OpenReadAsync("x", options, None);
            using var reader = new StreamReader(stream);
            Assert.Equal(expected, await reader.ReadToEndAsync());
        }
        Assert.Empty((await Store.ReadAsync("empty", null, None)).Data);
        Assert.Empty((await Store.ReadAsync("empty", new BlobReadOptions { Length = 5 }, None)).Data);
    }

    [Fact]
    public async Task A_read_of_another_version_is_refused()
    {
        WriteResult first = await Put("x", "one");
        Assert.Equal(first.ETag, (await Store.ReadAsync("x", new BlobReadOptions { IfMatch = first.ETag }, None)).ETag);
        WriteResult second = await Put("x", "two");
        foreach (long? length in new long?[] { null, 0, 2 })
        {
            var options = new BlobReadOptions { IfMatch = first.ETag, Length = length };
            BlobChangedException changed = await Assert.ThrowsAsync<BlobChangedException>(() => Store.ReadAsync("x", options, None));
            Assert.Contains(second.ETag!, changed.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<BlobChangedException>(() => Store.OpenReadAsync("x", options, None));
        }
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await Put("a/b", "x");
        foreach (string name in new[] { "nothing", "a", "a/b/c", "a/c" })
        {
            Assert.Null(await Store.FindAsync(name, None));
            BlobNotFoundException missing = await Assert.ThrowsAsync<BlobNotFoundException>(() => Store.ReadAsync(name, null, None));
            Assert.Contains(name, missing.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<BlobNotFoundException>(() => Store.OpenReadAsync(name, new BlobReadOptions { IfMatch = "x" }, None));
            await Store.DeleteAsync(name, null, None);
        }
        Assert.Empty(await Names("nothing/", null, 10));
    }

    [Fact]
    public async Task A_rewrite_of_equal_size_is_another_version_and_versions_survive_reopening()
    {
        var seen = new HashSet<string>();
        for (int i = 0; i < 20; i++) Assert.True(seen.Add((await Put("x", "same")).ETag!));
        BlobInfo? before = await Store.FindAsync("x", None);
        Assert.Equal(before, await Reopen().FindAsync("x", None));
        Assert.Contains(before!.ETag, seen);
        Assert.Equal("attempt", before.Attempt);
    }

    [Fact]
    public async Task A_blob_is_deleted_if_it_is_the_version_that_was_meant()
    {
        WriteResult first = await Put("a/x", "one");
        WriteResult second = await Put("a/x", "two");
        await Assert.ThrowsAsync<BlobChangedException>(() => Store.DeleteAsync("a/x", first.ETag, None));
        await Store.DeleteAsync("a/x", second.ETag, None);
        await Store.DeleteAsync("a/x", second.ETag, None);
        await Store.DeleteAsync("a/x", null, None);
        Assert.Null(await Store.FindAsync("a/x", None));
        Assert.Equal(WriteOutcome.Written, (await Put("a/x", "three", WriteCondition.Absent)).Outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(9_000_001)]
    public async Task A_staged_blob_is_seen_whole_once_it_is_committed(int size)
    {
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        await Put("big/other", "x");
        await using BlobWriteStream stream = await Store.OpenWriteAsync("big/x", WriteCondition.Absent, "a1", None);
        for (int i = 0; i < size; i += 700_001) await stream.WriteAsync(bytes.AsMemory(i, Math.Min(700_001, size - i)));
        await stream.FlushAsync();
        Assert.Equal(size, stream.Length);
        Assert.Null(await Store.FindAsync("big/x", None));
        Assert.Equal(["big/other"], await Names("", null, 10));
        WriteResult result = await stream.CommitAsync(None);
        Assert.Equal(WriteOutcome.Written, result.Outcome);
        BlobContent read = await Store.ReadAsync("big/x", null, None);
        Assert.True(read.Data.AsSpan().SequenceEqual(bytes));
        Assert.Equal(result.ETag, read.ETag);
        await using Stream streamed = await Store.OpenReadAsync("big/x", new BlobReadOptions { IfMatch = result.ETag }, None);
        using var copy = new MemoryStream();
        await streamed.CopyToAsync(copy);
        Assert.True(copy.ToArray().AsSpan().SequenceEqual(bytes));
        Assert.Equal("a1", (await Store.FindAsync("big/x", None))!.Attempt);
    }

    [Fact]
    public async Task A_write_that_is_abandoned_leaves_nothing()
    {
        await Put("other", "x");
        await using (BlobWriteStream stream = await Store.OpenWriteAsync("folder/x", WriteCondition.None, "a1", None))
            await stream.WriteAsync(new byte[5_000_000]);
        Assert.Equal(["other"], await Names("", null, 10));
        Assert.Null(await Store.FindAsync("folder/x", None));
    }

    [Fact]
    public async Task Staged_writers_of_one_name_do_not_mix()
    {
        await Put("other", "x");
        await using BlobWriteStream one = await Store.OpenWriteAsync("x", WriteCondition.Absent, "a1", None);
        await using BlobWriteStream two = await Store.OpenWriteAsync("x", WriteCondition.Absent, "a-second-one", None);
        await using BlobWriteStream again = await Store.OpenWriteAsync("x", WriteCondition.Absent, "a1", None);
        byte[] ones = [.. Enumerable.Repeat((byte)1, 5_000_000)], twos = [.. Enumerable.Repeat((byte)2, 5_000_000)];
        await one.WriteAsync(ones);
        await two.WriteAsync(twos);
        await again.WriteAsync(ones);
        WriteResult first = await one.CommitAsync(None);
        Assert.Equal(WriteOutcome.Written, first.Outcome);
        Assert.Equal(new WriteResult(WriteOutcome.Anothers, first.ETag), await two.CommitAsync(None));
        Assert.Equal(new WriteResult(WriteOutcome.AlreadyMine, first.ETag), await again.CommitAsync(None));
        Assert.True((await Store.ReadAsync("x", null, None)).Data.AsSpan().SequenceEqual(ones));
    }

    [Fact]
    public async Task Of_64_racing_writers_of_one_name_exactly_one_wins()
    {
        await Put("other", "x");
        WriteResult[] results = await RaceAsync(i => WriteCondition.Absent);
        int winner = Assert.Single(Enumerable.Range(0, 64), i => results[i].Outcome == WriteOutcome.Written);
        Assert.Equal($"writer {winner:D2}", await Text("race"));
        Assert.All(results, result => Assert.Equal(results[winner].ETag, result.ETag));
        Assert.Equal(63, results.Count(result => result.Outcome == WriteOutcome.Anothers));

        string eTag = results[winner].ETag!;
        results = await RaceAsync(i => WriteCondition.Match(eTag));
        winner = Assert.Single(Enumerable.Range(0, 64), i => results[i].Outcome == WriteOutcome.Written);
        Assert.Equal($"writer {winner:D2}", await Text("race"));
        Assert.Equal(63, results.Count(result => result.Outcome == WriteOutcome.Anothers));
        Assert.Equal(results[winner].ETag, (await Store.FindAsync("race", None))!.ETag);
        Assert.Equal(["other", "race"], await Names("", null, 10));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("ä")]
    public async Task An_attempt_is_a_plain_id(string attempt) => await Assert.ThrowsAsync<ArgumentException>(() => Put("x", "x", default, attempt));

    [Fact]
    public async Task A_cancelled_operation_does_nothing()
    {
        await Put("other", "x");
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync("x", new byte[1], WriteCondition.None, "a", cancelled));
        Assert.Null(await Store.FindAsync("x", None));
    }

    [Fact]
    public async Task Any_blobs_are_listed_as_a_sorted_list_of_their_names_would_be()
    {
        string[] parts = ["a", "a-b", "a.b", "a b", "b", "é", "\u65e5", "\ud83d\ude00", "%41", "#", "A"];
        // A folder and a file of one name cannot both be on a disk, so each depth has parts of its own.
        Gen<string> part = Gen.Int[0, parts.Length - 1].Select(i => parts[i]);
        Gen<string> name = Gen.Select(part, part, part, Gen.Int[0, 2], (a, b, c, depth) => depth switch { 0 => "0" + a, 1 => $"{a}/1{b}", _ => $"{a}/{b}/{c}" });
        int run = 0;
        await Put("first", "x");
        await Gen.Select(name.Array[1, 40], name, name).SampleAsync(
            async (names, cut, after) =>
            {
                string root = $"run{Interlocked.Increment(ref run)}/";
                foreach (string added in names) await Put(root + added, "x");
                string prefix = root + cut[..(cut.Length / 2)].TrimEnd('\ud83d');
                var place = new ListPosition(root + after);
                string[] sorted = [.. names.Distinct().Select(added => root + added).Order(StringComparer.Ordinal)];
                Assert.Equal(sorted, await Names(root, null, 7));
                string[] below = [.. sorted.Where(added => added.StartsWith(prefix, StringComparison.Ordinal))];
                Assert.Equal(below, await Names(prefix, null, 3));
                Assert.Equal(below.Where(added => string.CompareOrdinal(added, place.Name) > 0), await Names(prefix, place, 50));
            },
            iter: 15,
            threads: 1);
    }

    [Fact]
    public async Task A_listing_goes_on_from_the_end_of_each_page_in_a_store_opened_anew()
    {
        string[] names = [.. Enumerable.Range(0, 23).Select(i => $"f{i % 3}/{i:D3}")];
        foreach (string name in names) await Put(name, "x");
        var seen = new List<string>();
        ListPosition? after = null;
        while (true)
        {
            await using IAsyncEnumerator<BlobPage> pages = Reopen().ListAsync("", after, 4, None).GetAsyncEnumerator();
            if (!await pages.MoveNextAsync()) break;
            seen.AddRange(pages.Current.Blobs.Select(blob => blob.Name));
            after = pages.Current.End;
        }
        Assert.Equal(names.Order(StringComparer.Ordinal), seen);
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected Task<WriteResult> Put(string name, string text, WriteCondition condition = default, string attempt = "attempt") =>
        Store.WriteAsync(name, Encoding.UTF8.GetBytes(text), condition, attempt, None);

    protected async Task<string> Text(string name) => Encoding.UTF8.GetString((await Store.ReadAsync(name, null, None)).Data);

    private async Task<WriteResult[]> RaceAsync(Func<int, WriteCondition> condition)
    {
        // Threads of their own: a store that works on the calling thread must be raced too.
        using var start = new Barrier(64);
        return await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Put("race", $"writer {i:D2}", condition(i), $"attempt{i}");
            },
            None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }

    protected async Task<string[]> Names(string prefix, ListPosition? after, int pageSize)
    {
        var names = new List<string>();
        await foreach (BlobPage page in Store.ListAsync(prefix, after, pageSize, None))
        {
            Assert.InRange(page.Blobs.Count, 1, pageSize);
            Assert.Equal(page.Blobs[^1].Name, page.End.Name);
            names.AddRange(page.Blobs.Select(blob => blob.Name));
        }
        return [.. names];
    }
}
