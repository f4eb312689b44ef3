using System.Text;
using Azure.Core;
using MaskRcnn.Storage.Azure;

namespace MaskRcnn.Storage.Tests.Azure;

public sealed class LostAnswerTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _container = "lost-" + Guid.NewGuid().ToString("N");
    private readonly BrokenNetwork _network = new();
    private readonly AzureBlobStore _store;

    public LostAnswerTests() => _store = new AzureBlobStore(
        Azurite.Container(_container, options =>
        {
            options.Retry.MaxRetries = 2;
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            options.Retry.MaxDelay = TimeSpan.FromMilliseconds(2);
            options.AddPolicy(_network, HttpPipelinePosition.PerRetry);
        }),
        "p",
        "az://" + _container + "/p");

    [Fact]
    public async Task A_write_whose_answer_was_lost_finds_itself()
    {
        WriteResult first = await Put("x", WriteCondition.Absent, "a0");
        _network.LosesAnswer = BrokenNetwork.First(1, "PUT");
        WriteResult absent = await Put("y", WriteCondition.Absent, "a1");
        Assert.Equal(WriteOutcome.AlreadyMine, absent.Outcome);
        Assert.Equal((await _store.FindAsync("y", None))!.ETag, absent.ETag);

        _network.LosesAnswer = BrokenNetwork.First(1, "PUT");
        WriteResult match = await Put("x", WriteCondition.Match(first.ETag!), "a2");
        Assert.Equal(WriteOutcome.AlreadyMine, match.Outcome);
        Assert.Equal("a2", (await _store.FindAsync("x", None))!.Attempt);
    }

    [Fact]
    public async Task A_write_of_which_no_answer_came_finds_itself()
    {
        await Put("x", WriteCondition.None, "a0");
        _network.LosesAnswer = BrokenNetwork.First(100, "PUT");
        Assert.Equal(WriteOutcome.AlreadyMine, (await Put("y", WriteCondition.Absent, "a1")).Outcome);
        Assert.Equal(WriteOutcome.AlreadyMine, (await Put("x", WriteCondition.None, "a2")).Outcome);
        Assert.Equal(WriteOutcome.Anothers, (await Put("x", WriteCondition.Absent, "a3")).Outcome);
    }

    [Fact]
    public async Task A_write_that_cannot_be_asked_for_is_unknown()
    {
        await Put("other", WriteCondition.None, "a0");
        _network.LosesAnswer = _ => true;
        Assert.Equal(WriteOutcome.Unknown, (await Put("x", WriteCondition.Absent, "a1")).Outcome);
        _network.LosesAnswer = _ => false;
        Assert.Equal(WriteOutcome.AlreadyMine, (await Put("x", WriteCondition.Absent, "a1")).Outcome);
    }

    [Fact]
    public async Task A_write_that_never_arrived_is_unknown_not_anothers()
    {
        WriteResult first = await Put("x", WriteCondition.None, "a0");
        _network.LosesRequest = request => request.Method == RequestMethod.Put;
        Assert.Equal(WriteOutcome.Unknown, (await Put("y", WriteCondition.Absent, "a1")).Outcome);
        Assert.Equal(WriteOutcome.Unknown, (await Put("x", WriteCondition.Match(first.ETag!), "a1")).Outcome);
        Assert.Equal(WriteOutcome.Unknown, (await Put("x", WriteCondition.None, "a1")).Outcome);
        Assert.Equal(WriteOutcome.Anothers, (await Put("x", WriteCondition.Match("0xOLD"), "a1")).Outcome);
    }

    [Fact]
    public async Task A_commit_of_blocks_whose_answer_was_lost_finds_itself()
    {
        await Put("other", WriteCondition.None, "a0");
        await using BlobWriteStream stream = await _store.OpenWriteAsync("big", WriteCondition.Absent, "a1", None);
        await stream.WriteAsync(new byte[9_000_000]);
        _network.LosesAnswer = request => request.Uri.Query.Contains("comp=blocklist", StringComparison.Ordinal);
        Assert.Equal(WriteOutcome.AlreadyMine, (await stream.CommitAsync(None)).Outcome);
        Assert.Equal(9_000_000, (await _store.FindAsync("big", None))!.Size);
    }

    [Fact]
    public async Task A_request_that_was_lost_is_repeated()
    {
        _network.LosesRequest = BrokenNetwork.First(1, "PUT");
        Assert.Equal(WriteOutcome.Written, (await Put("x", WriteCondition.Absent, "a1")).Outcome);
        _network.LosesRequest = BrokenNetwork.First(1, "GET");
        Assert.Equal("a1", Encoding.UTF8.GetString((await _store.ReadAsync("x", null, None)).Data));
        _network.LosesRequest = _ => true;
        BlobException failure = await Assert.ThrowsAsync<BlobException>(() => _store.ReadAsync("x", null, None));
        Assert.Contains("network", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_container_is_an_error_to_read_and_is_made_to_write()
    {
        BlobException failure = await Assert.ThrowsAsync<BlobRefusedException>(() => _store.ReadAsync("x", null, None));
        Assert.Contains($"there is no container '{_container}'", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BlobRefusedException>(() => _store.FindAsync("x", None));
        await Assert.ThrowsAsync<BlobRefusedException>(async () => await _store.ListAsync("", null, 1, None).GetAsyncEnumerator(None).MoveNextAsync());
        Assert.Equal(WriteOutcome.Written, (await Put("x", WriteCondition.Absent, "a1")).Outcome);
    }

    [Fact]
    public async Task A_listing_goes_on_by_name_when_its_token_is_not_known()
    {
        for (int i = 0; i < 5; i++) await Put("n" + i, WriteCondition.None, "a");
        await using IAsyncEnumerator<BlobPage> pages = _store.ListAsync("", new ListPosition("n2", "\u0001 not a token"), 10, None).GetAsyncEnumerator(None);
        Assert.True(await pages.MoveNextAsync());
        Assert.Equal(["n3", "n4"], pages.Current.Blobs.Select(blob => blob.Name));
    }

    public void Dispose() => Azurite.Container(_container).DeleteIfExists();

    private Task<WriteResult> Put(string name, WriteCondition condition, string attempt) => _store.WriteAsync(name, Encoding.UTF8.GetBytes(attempt), condition, attempt, None);
}
