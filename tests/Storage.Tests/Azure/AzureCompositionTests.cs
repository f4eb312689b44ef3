using System.Diagnostics.Tracing;
using System.Text;
using Azure.Core;
using Azure.Core.Diagnostics;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using MaskRcnn.Storage.Azure;

namespace MaskRcnn.Storage.Tests.Azure;

public sealed class AzureCompositionTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly AzureComposeOptions Few = new() { MostBlocks = 8, Parallelism = 3 };

    private readonly string _container = "compose-" + Guid.NewGuid().ToString("N");
    private readonly BrokenNetwork _network = new();
    private readonly AzureBlobStore _store;

    public AzureCompositionTests()
    {
        Azurite.Container(_container).Create();
        _store = Open(Few);
    }

    [Theory]
    [InlineData(1, 8, 1000)]
    [InlineData(8, 8, 1000)]
    [InlineData(9, 8, 1000)]
    [InlineData(64, 8, 1000)]
    [InlineData(65, 8, 1000)]
    [InlineData(20, 8, 12)]
    [InlineData(20, 1000, 3)]
    public async Task More_pieces_than_a_blob_takes_are_composed_over_blobs_between_which_are_gone_afterwards(int count, int mostBlocks, int mostBytes)
    {
        BlobPiece[] pieces = await PiecesAsync(count);
        AzureBlobStore store = Open(new() { MostBlocks = mostBlocks, MostBlockBytes = mostBytes });
        WriteResult result = await store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None);
        Assert.Equal(WriteOutcome.Written, result.Outcome);
        Assert.Equal(Text(count), await ReadAsync("out/x"));
        Assert.Equal(new WriteResult(WriteOutcome.AlreadyMine, result.ETag), await store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None));
        Assert.Equal(count + 1, (await AllNamesAsync()).Length);
    }

    [Fact]
    public async Task What_cannot_be_made_smaller_by_blobs_between_says_so()
    {
        BlobPiece[] pieces = await PiecesAsync(20);
        BlobException failure = await Assert.ThrowsAsync<BlobException>(() => Open(Few with { MostBlockBytes = 1 }).ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None));
        Assert.Contains("is larger than a blob may be", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(23)]
    [InlineData(60)]
    public async Task After_a_death_anywhere_it_goes_on_and_copies_no_block_twice(int requests)
    {
        BlobPiece[] pieces = await PiecesAsync(40);
        int seen = 0, copied = 0;
        _network.LosesRequest = request =>
        {
            if (Interlocked.Increment(ref seen) > requests) return true;
            if (request.Headers.Contains("x-ms-copy-source")) Interlocked.Increment(ref copied);
            return false;
        };
        try
        {
            Assert.Equal(WriteOutcome.Unknown, (await _store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None)).Outcome);
        }
        catch (BlobException)
        {
            // As a process that dies, it did not come to an end.
        }
        _network.LosesRequest = request =>
        {
            if (request.Headers.Contains("x-ms-copy-source")) Interlocked.Increment(ref copied);
            return false;
        };
        Assert.Equal(WriteOutcome.Written, (await _store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None)).Outcome);
        Assert.Equal(Text(40), await ReadAsync("out/x"));
        Assert.Equal(41, (await AllNamesAsync()).Length);
        // Those that were on their way when another failed may be copied again.
        Assert.InRange(copied, 40 + 5, 40 + 5 + Few.Parallelism - 1);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_finds_itself_and_what_lay_between_is_deleted()
    {
        BlobPiece[] pieces = await PiecesAsync(20);
        _network.LosesAnswer = request => request.Uri.Query.Contains("comp=blocklist", StringComparison.Ordinal) && request.Method == RequestMethod.Put;
        Assert.Equal(WriteOutcome.AlreadyMine, (await _store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None)).Outcome);
        Assert.Equal(21, (await AllNamesAsync()).Length);
    }

    [Fact]
    public async Task Blobs_between_that_a_death_after_the_commit_has_left_are_deleted_by_the_next_try()
    {
        BlobPiece[] pieces = await PiecesAsync(20);
        _network.LosesRequest = request => request.Method == RequestMethod.Delete;
        Assert.Equal(WriteOutcome.Written, (await _store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None)).Outcome);
        Assert.Equal(24, (await AllNamesAsync()).Length);
        _network.LosesRequest = _ => false;
        Assert.Equal(WriteOutcome.AlreadyMine, (await _store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None)).Outcome);
        Assert.Equal(21, (await AllNamesAsync()).Length);
    }

    [Fact]
    public async Task A_changed_piece_leaves_nothing_between()
    {
        BlobPiece[] pieces = await PiecesAsync(20);
        await _store.WriteAsync("parts/18", new byte[4], default, "other", None);
        Assert.Equal("parts/18", (await Assert.ThrowsAsync<BlobChangedException>(() => _store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None))).Name);
        Assert.Equal(20, (await AllNamesAsync()).Length);
    }

    [Fact]
    public async Task Many_composers_of_the_same_all_find_it()
    {
        BlobPiece[] pieces = await PiecesAsync(30);
        WriteResult[] results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Open(Few).ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None)));
        // One whose blobs between were deleted below it may not know; it does when it asks again.
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i].Outcome == WriteOutcome.Unknown) results[i] = await _store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None);
        }
        Assert.All(results, result => Assert.True(result.IsMine));
        Assert.Equal(Text(30), await ReadAsync("out/x"));
    }

    [Fact]
    public async Task A_SAS_of_the_container_is_what_the_pieces_are_read_by()
    {
        BlobPiece[] pieces = await PiecesAsync(3);
        BlobContainerSasPermissions rights = BlobContainerSasPermissions.Read | BlobContainerSasPermissions.Create | BlobContainerSasPermissions.Write | BlobContainerSasPermissions.Delete | BlobContainerSasPermissions.List;
        Uri sas = Azurite.Container(_container).GenerateSasUri(rights, TimeProvider.System.GetUtcNow().AddHours(1));
        IBlobStore store = BlobStores.Open(BlobUri.Join(sas.AbsoluteUri, "p"));
        Assert.True(store.ComposesOnServer);
        Assert.Equal(WriteOutcome.Written, (await store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None)).Outcome);
        Assert.Equal(Text(3), await ReadAsync("out/x"));

        // One that may write and not read: the error names the piece.
        Uri blind = Azurite.Container(_container).GenerateSasUri(BlobContainerSasPermissions.Write | BlobContainerSasPermissions.Create, TimeProvider.System.GetUtcNow().AddHours(1));
        await Assert.ThrowsAsync<BlobRefusedException>(() => BlobStores.Open(BlobUri.Join(blind.AbsoluteUri, "p")).ComposeAsync("out/y", pieces, WriteCondition.Absent, "a1", None));
    }

    [Fact]
    public async Task With_a_key_each_piece_has_a_SAS_of_its_own_that_may_only_read_and_ends_soon()
    {
        BlobPiece[] pieces = await PiecesAsync(2);
        List<string> addresses = [];
        _network.LosesRequest = request =>
        {
            if (request.Headers.TryGetValue("x-ms-copy-source", out string? address)) lock (addresses) addresses.Add(address);
            return false;
        };
        await _store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None);
        Assert.Equal(2, addresses.Count);
        foreach (string address in addresses)
        {
            var sas = new BlobUriBuilder(new Uri(address)).Sas;
            Assert.Equal(("r", "b"), (sas.Permissions, sas.Resource));
            Assert.InRange(sas.ExpiresOn - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(61));
        }
    }

    [Fact]
    public async Task With_a_token_the_service_reads_the_pieces_by_the_token_too()
    {
        BlobPiece[] pieces = await PiecesAsync(2);
        var seen = new List<(string Address, string? Authorization)>();
        var options = new BlobClientOptions { Transport = new Answers(seen) };
        options.Retry.MaxRetries = 0;
        var credential = new FixedToken();
        var store = new AzureBlobStore(new BlobContainerClient(new Uri("https://acc.blob.core.windows.net/c"), credential, options), "p", "https://acc.blob.core.windows.net/c/p", credential);
        await store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None);
        Assert.Equal(
            [("https://acc.blob.core.windows.net/c/p/parts/0", "Bearer TOKEN"), ("https://acc.blob.core.windows.net/c/p/parts/1", "Bearer TOKEN")],
            seen.OrderBy(copy => copy.Address, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_address_of_a_piece_is_in_no_log()
    {
        BlobPiece[] pieces = await PiecesAsync(1);
        var log = new StringBuilder();
        using (new AzureEventSourceListener((_, text) => { lock (log) log.AppendLine(text); }, EventLevel.Verbose))
            await _store.ComposeAsync("out/x", pieces, WriteCondition.Absent, "a1", None);
        string said = log.ToString();
        Assert.Contains("x-ms-copy-source", said, StringComparison.Ordinal);
        Assert.DoesNotContain("parts/0?", said, StringComparison.Ordinal);
    }

    public void Dispose() => Azurite.Container(_container).DeleteIfExists();

    private static string Text(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{i:D3}\n"));

    private AzureBlobStore Open(AzureComposeOptions composing) => new(
        Azurite.Container(_container, options =>
        {
            options.Retry.MaxRetries = 1;
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            options.Retry.MaxDelay = TimeSpan.FromMilliseconds(2);
            options.AddPolicy(_network, HttpPipelinePosition.PerRetry);
        }),
        "p",
        "az://" + _container + "/p") { Composing = composing };

    private async Task<BlobPiece[]> PiecesAsync(int count)
    {
        var pieces = new BlobPiece[count];
        for (int i = 0; i < count; i++) pieces[i] = BlobPiece.Of($"parts/{i}", (await _store.WriteAsync($"parts/{i}", Encoding.UTF8.GetBytes($"{i:D3}\n"), default, "worker", None)).ETag!, 4);
        return pieces;
    }

    private async Task<string> ReadAsync(string name) => Encoding.UTF8.GetString((await _store.ReadAsync(name, null, None)).Data);

    /// <summary>Of all blobs, also those that the store does not list.</summary>
    private Task<string[]> AllNamesAsync() => Task.FromResult<string[]>([.. Azurite.Container(_container).GetBlobs().Select(blob => blob.Name)]);

    private sealed class FixedToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("TOKEN", TimeProvider.System.GetUtcNow().AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    /// <summary>A service that takes every block and has no blob yet.</summary>
    private sealed class Answers(List<(string, string?)> copies) : HttpClientTransport(new HttpClient(new Handler(copies)))
    {
        private sealed class Handler(List<(string, string?)> copies) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var answer = new HttpResponseMessage(request.Method == HttpMethod.Put ? System.Net.HttpStatusCode.Created : System.Net.HttpStatusCode.NotFound) { Content = new ByteArrayContent([]) };
                answer.Headers.ETag = new System.Net.Http.Headers.EntityTagHeaderValue("\"1\"");
                answer.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
                answer.Headers.Add("x-ms-request-server-encrypted", "true");
                if (request.Headers.TryGetValues("x-ms-copy-source", out IEnumerable<string>? address))
                    lock (copies) copies.Add((address.Single(), request.Headers.TryGetValues("x-ms-copy-source-authorization", out IEnumerable<string>? authorization) ? authorization.Single() : null));
                return Task.FromResult(answer);
            }
        }
    }
}
