using System.Text;

namespace MaskRcnn.Storage.Tests;

/// <summary>What every store keeps to: run over each of them.</summary>
public abstract class StoreContractTests : IDisposable
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

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected Task<WriteResult> Put(string name, string text, WriteCondition condition = default, string attempt = "attempt") =>
        Store.WriteAsync(name, Encoding.UTF8.GetBytes(text), condition, attempt, None);

    protected async Task<string> Text(string name) => Encoding.UTF8.GetString((await Store.ReadAsync(name, null, None)).Data);

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
