using System.Security.Cryptography;
using System.Text;
using MaskRcnn.Storage.S3;
using MaskRcnn.Storage.Tests.Proxy;
using Minio;

namespace MaskRcnn.Storage.Tests.S3;

/// <summary>What is read of a service that is not ours, with what another client wrote there.</summary>
public sealed class S3StoreTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly IMinioClient _writer = S3Server.Writer();
    private string _bucket = "";
    private S3BlobStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _bucket = await S3Server.BucketAsync(_writer);
        _store = S3Location.Open($"s3://{_bucket}/in", S3Server.Environs(S3Server.Address));
    }

    public ValueTask DisposeAsync()
    {
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_written_is_found_listed_and_read_with_one_ETag()
    {
        await PutAsync("a/b c/ü.json", "hello");
        BlobContent read = await _store.ReadAsync("a/b c/ü.json", null, None);
        Assert.Equal("hello", Encoding.UTF8.GetString(read.Data));
        // The ETag of what is written in one request is its MD5.
#pragma warning disable CA5351
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData("hello"u8)), read.ETag);
#pragma warning restore CA5351
        var expected = new BlobInfo("a/b c/ü.json", 5, read.ETag);
        Assert.Equal(expected, await _store.FindAsync("a/b c/ü.json", None));
        Assert.Equal([expected], await ListAsync("", null, 10));
        Assert.Equal($"s3://{_bucket}/in", _store.Location);
    }

    [Fact]
    public async Task Names_are_listed_in_ordinal_order_page_by_page_from_any_place_without_those_outside()
    {
        // The server sorts as a dictionary does; of these names that is ordinal order.
        string[] names = ["a-b", "a.b", "a/c/d", "a0", "b/ü", "日本/画像.png", "z/a", "z/b", "z/c"];
        foreach (string name in names) await PutAsync(name, name);
        await PutAsync(".hidden", "x");
        await PutAsync("b/.c/d", "x");
        await S3Server.PutAsync(_writer, _bucket, "input.png", [1]);
        await S3Server.PutAsync(_writer, _bucket, "in.png", [1]);
        string[] expected = [.. names.Order(StringComparer.Ordinal)];
        foreach (int pageSize in new[] { 1, 3, 100 })
        {
            Assert.Equal(expected, (await ListAsync("", null, pageSize)).Select(b => b.Name));
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[(i + 1)..], (await ListAsync("", new ListPosition(expected[i]), pageSize)).Select(b => b.Name));
        }
        Assert.Equal(["z/b", "z/c"], (await ListAsync("z/", new ListPosition("z/aa"), 10)).Select(b => b.Name));
        Assert.Empty(await ListAsync("b/.c/", null, 10));
        Assert.Empty(await ListAsync("nothing/", null, 10));
        Assert.Equal("x", Encoding.UTF8.GetString((await _store.ReadAsync("b/.c/d", null, None)).Data));
        await Assert.ThrowsAsync<BlobNameException>(() => ListAsync("../", null, 10));
    }

    [Fact]
    public async Task More_than_a_page_of_the_service_is_listed_whole()
    {
        string[] names = [.. Enumerable.Range(0, 1203).Select(i => $"{i:D4}")];
        await Parallel.ForEachAsync(names, None, async (name, _) => await PutAsync(name, "x"));
        Assert.Equal(names, (await ListAsync("", null, 500)).Select(b => b.Name));
        Assert.Equal(names[1101..], (await ListAsync("", new ListPosition("1100"), 500)).Select(b => b.Name));
    }

    [Fact]
    public async Task Ranges_are_read_and_cut_to_what_there_is()
    {
        await PutAsync("x", "0123456789");
        await PutAsync("empty", "");
        foreach ((long offset, long? length, string expected) in new (long, long?, string)[]
            { (0, null, "0123456789"), (3, 4, "3456"), (8, 100, "89"), (10, 1, ""), (50, null, ""), (0, 0, ""), (5, 0, ""), (9, null, "9"), (0, 1, "0") })
        {
            var options = new BlobReadOptions { Offset = offset, Length = length };
            Assert.Equal(expected, Encoding.UTF8.GetString((await _store.ReadAsync("x", options, None)).Data));
            await using Stream stream = await _store.OpenReadAsync("x", options, None);
            Assert.Equal(expected.Length, stream.Length);
            using var reader = new StreamReader(stream);
            Assert.Equal(expected, await reader.ReadToEndAsync(None));
        }
        Assert.Empty((await _store.ReadAsync("empty", null, None)).Data);
        Assert.Empty((await _store.ReadAsync("empty", new BlobReadOptions { Length = 5 }, None)).Data);
    }

    [Fact]
    public async Task A_read_of_another_version_is_refused()
    {
        await PutAsync("x", "one");
        string first = (await _store.FindAsync("x", None))!.ETag;
        Assert.Equal(first, (await _store.ReadAsync("x", new BlobReadOptions { IfMatch = first }, None)).ETag);
        await PutAsync("x", "two");
        foreach (BlobReadOptions options in new BlobReadOptions[] { new() { IfMatch = first }, new() { IfMatch = first, Offset = 1, Length = 1 }, new() { IfMatch = first, Length = 0 }, new() { IfMatch = first, Offset = 9 } })
        {
            Assert.Equal(first, (await Assert.ThrowsAsync<BlobChangedException>(() => _store.ReadAsync("x", options, None))).Expected);
            await Assert.ThrowsAsync<BlobChangedException>(() => _store.OpenReadAsync("x", options, None));
        }
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_a_bucket_that_is_missing_is_named()
    {
        Assert.Null(await _store.FindAsync("x", None));
        await Assert.ThrowsAsync<BlobNotFoundException>(() => _store.ReadAsync("x", null, None));
        await Assert.ThrowsAsync<BlobNotFoundException>(() => _store.OpenReadAsync("x", new BlobReadOptions { Length = 0 }, None));
        S3BlobStore missing = S3Location.Open("s3://no-such-bucket", S3Server.Environs(S3Server.Address));
        await Assert.ThrowsAsync<BlobRefusedException>(() => missing.ReadAsync("x", null, None));
        await using IAsyncEnumerator<BlobPage> pages = missing.ListAsync("", null, 1, None).GetAsyncEnumerator(None);
        Assert.Contains("there is no bucket 'no-such-bucket'", (await Assert.ThrowsAsync<BlobRefusedException>(async () => await pages.MoveNextAsync())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_goes_wrong_on_the_way_everything_is_read_and_listed(int seed)
    {
        byte[] large = new byte[3_000_000];
        new Random(seed).NextBytes(large);
        await S3Server.PutAsync(_writer, _bucket, "in/large", large);
        for (int i = 0; i < 10; i++) await PutAsync($"n{i}", $"{i}");
        await using var proxy = FaultProxy.Start(S3Server.Address);
        // A refused condition is no fault of the way: no other is asked for here.
        var plan = new ProxyPlan(seed, .2);
        proxy.Plan = plan;
        S3BlobStore store = S3Location.Open($"s3://{_bucket}/in", S3Server.Environs(proxy.Address), firstWait: TimeSpan.FromMilliseconds(5));
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal($"{i}", Encoding.UTF8.GetString((await AgainAsync(() => store.ReadAsync($"n{i}", null, None))).Data));
            Assert.Equal(1, (await AgainAsync(() => store.FindAsync($"n{i}", None)))!.Size);
        }
        await using Stream stream = await AgainAsync(() => store.OpenReadAsync("large", new BlobReadOptions { Offset = 5 }, None));
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy, None);
        Assert.Equal(large[5..], copy.ToArray());
        proxy.Plan = null;
        Assert.NotEmpty(plan.Happened);
        Assert.Equal(11, (await ListAsync("", null, 3, store)).Count);
    }

    [Fact]
    public async Task Nothing_is_written_and_the_error_says_where_to_write()
    {
        foreach (Func<Task> write in new Func<Task>[]
        {
            () => _store.WriteAsync("x", new byte[1], WriteCondition.Absent, "a", None), () => _store.OpenWriteAsync("x", WriteCondition.None, "a", None), () => _store.DeleteAsync("x", null, None),
            () => _store.ComposeAsync("x", [], WriteCondition.None, "a", None),
        })
            Assert.Contains("Write to a folder, or to Azure Blob Storage", (await Assert.ThrowsAsync<NotSupportedException>(write)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BlobNameException>(() => _store.WriteAsync("../x", new byte[1], WriteCondition.Absent, "a", None));
        foreach (string name in new[] { "../x", "/x", "a//b", "" }) await Assert.ThrowsAsync<BlobNameException>(() => _store.ReadAsync(name, null, None));
    }

    /// <summary>The proxy also says what no S3 says of a read without a condition (409, 412); its caller asks again.</summary>
    private static async Task<T> AgainAsync<T>(Func<Task<T>> ask)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return await ask();
            }
            catch (BlobException) when (i < 5)
            {
                // Again.
            }
        }
    }

    private Task PutAsync(string name, string text) => S3Server.PutAsync(_writer, _bucket, "in/" + name, Encoding.UTF8.GetBytes(text));

    private async Task<List<BlobInfo>> ListAsync(string prefix, ListPosition? after, int pageSize, S3BlobStore? store = null)
    {
        List<BlobInfo> blobs = [];
        await foreach (BlobPage page in (store ?? _store).ListAsync(prefix, after, pageSize, None))
        {
            Assert.InRange(page.Blobs.Count, 1, pageSize);
            Assert.Equal(page.Blobs[^1].Name, page.End.Name);
            blobs.AddRange(page.Blobs);
        }
        return blobs;
    }
}
