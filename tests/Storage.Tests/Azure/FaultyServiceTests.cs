using System.Text;
using Azure.Storage.Blobs;
using MaskRcnn.Storage.Azure;
using MaskRcnn.Storage.Tests.Proxy;

namespace MaskRcnn.Storage.Tests.Azure;

/// <summary>The store behind a proxy that loses, delays and refuses requests.</summary>
public sealed class FaultyServiceTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _container = "faulty-" + Guid.NewGuid().ToString("N");
    private readonly FaultProxy _proxy;
    private readonly AzureBlobStore _store;

    public FaultyServiceTests()
    {
        BlobContainerClient direct = Azurite.Container(_container);
        direct.Create();
        _proxy = FaultProxy.Start(direct.Uri);
        BlobClientOptions options = AzureLocation.Options();
        options.Retry.Delay = TimeSpan.FromMilliseconds(5);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(50);
        _store = new AzureBlobStore(new BlobContainerClient(_proxy.Through(Azurite.Connection), _container, options), "p", "az://" + _container + "/p") { Composing = new() { MostBlocks = 8 } };
    }

    [Fact]
    public async Task Signatures_hold_on_the_way_through_the_proxy()
    {
        const string Name = "a b/ü%41+&?#/(x)'.json";
        WriteResult written = await _store.WriteAsync(Name, "hello"u8.ToArray(), WriteCondition.Absent, "a1", None);
        Assert.Equal(WriteOutcome.Written, written.Outcome);
        Assert.Equal("lo", Encoding.UTF8.GetString((await _store.ReadAsync(Name, new BlobReadOptions { Offset = 3, IfMatch = written.ETag }, None)).Data));
        await Assert.ThrowsAsync<BlobNotFoundException>(() => _store.ReadAsync("nothing", null, None));
    }

    [Fact]
    public void The_same_seed_lets_the_same_requests_go_wrong()
    {
        ProxyFault[] one = Run(1), again = Run(1), other = Run(2);
        Assert.Equal(one, again);
        Assert.NotEqual(one, other);
        Assert.InRange(one.Count(fault => fault != ProxyFault.None), 40, 160);
        Assert.Equal(Enum.GetValues<ProxyFault>().Length, one.Distinct().Count());

        static ProxyFault[] Run(int seed)
        {
            var plan = new ProxyPlan(seed, .2);
            return [.. Enumerable.Range(0, 500).Select(i => plan.Next(i % 2 == 0 ? "GET" : "PUT", $"/a-{Guid.NewGuid():N}/{i % 50}?comp=block&sig={Guid.NewGuid()}"))];
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_goes_wrong_every_blob_is_written_once_and_read_whole(int seed)
    {
        var plan = new ProxyPlan(seed, .25);
        _proxy.Plan = plan;
        BlobPiece[] pieces = new BlobPiece[25];
        for (int i = 0; i < pieces.Length; i++)
        {
            byte[] content = Encoding.UTF8.GetBytes($"{i:D3}\n");
            WriteResult result = await AgainAsync(() => _store.WriteAsync($"n{i:D2}", content, WriteCondition.Absent, "mine", None));
            Assert.True(result.IsMine);
            Assert.Equal(WriteOutcome.Anothers, (await AgainAsync(() => _store.WriteAsync($"n{i:D2}", "other"u8.ToArray(), WriteCondition.Absent, "other", None))).Outcome);
            Assert.Equal(content, (await _store.ReadAsync($"n{i:D2}", new BlobReadOptions { IfMatch = result.ETag }, None)).Data);
            pieces[i] = BlobPiece.Of($"n{i:D2}", result.ETag!, 4);
        }
        Assert.True((await AgainAsync(() => _store.ComposeAsync("all", pieces, WriteCondition.Absent, "c", None))).IsMine);
        await DeleteAsync("n00", pieces[0].ETag!);
        List<string> names = [];
        await foreach (BlobPage page in _store.ListAsync("", null, 10, None)) names.AddRange(page.Blobs.Select(blob => blob.Name));
        _proxy.Plan = null;
        Assert.Equal(["all", .. pieces.Skip(1).Select(piece => piece.Name!)], names);
        Assert.Equal(string.Concat(Enumerable.Range(0, 25).Select(i => $"{i:D3}\n")), Encoding.UTF8.GetString((await _store.ReadAsync("all", null, None)).Data));
        Assert.InRange(plan.Happened.Count, 6, 8);
    }

    [Fact]
    public async Task A_service_that_is_away_for_a_while_is_waited_for()
    {
        _proxy.CutOff(TimeSpan.FromHours(1));
        Task<WriteResult> write = AgainAsync(() => _store.WriteAsync("x", new byte[3], WriteCondition.Absent, "a", None));
        while (_proxy.Refused == 0 && !write.IsCompleted) await Task.Yield();
        Assert.False(write.IsCompleted);
        _proxy.CutOff(TimeSpan.Zero);
        Assert.True((await write).IsMine);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        Azurite.Container(_container).DeleteIfExists();
    }

    /// <summary>A deletion that is refused for no reason says so, and is asked for again.</summary>
    private async Task DeleteAsync(string name, string ifMatch)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                await _store.DeleteAsync(name, ifMatch, None);
                return;
            }
            catch (BlobException exception) when (exception is not BlobChangedException && tries < 20)
            {
                // Again.
            }
        }
    }

    /// <summary>As all who write do: with the same attempt until it is known how it ended.</summary>
    private static async Task<WriteResult> AgainAsync(Func<Task<WriteResult>> write)
    {
        WriteResult result = await write();
        for (int tries = 0; tries < 20 && result.Outcome == WriteOutcome.Unknown; tries++) result = await write();
        return result;
    }
}
