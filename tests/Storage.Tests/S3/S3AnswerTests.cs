using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MaskRcnn.Storage.S3;
using Minio;

namespace MaskRcnn.Storage.Tests.S3;

/// <summary>What the store makes of answers that the test's server never gives.</summary>
public sealed class S3AnswerTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Service _service = new();
    private readonly HttpClient _http;
    private readonly S3BlobStore _store;

    public S3AnswerTests()
    {
        _http = new HttpClient(new S3Answers(_service));
        IMinioClient client = new MinioClient().WithEndpoint("service.example").WithSSL().WithRegion("us-east-1").WithCredentials("KEY", "SECRETSECRET").WithHttpClient(new HttpClient(new S3Answers(_service))).Build();
        _store = new S3BlobStore(client, _http, "bucket", "in", "s3://bucket/in", TimeProvider.System, TimeSpan.FromMilliseconds(1));
    }

    public void Dispose()
    {
        _http.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task A_read_is_one_signed_request_with_range_and_condition()
    {
        _service.Answers.Enqueue(Answer(HttpStatusCode.PartialContent, "345", "\"e1\"", range: 3));
        BlobContent read = await _store.ReadAsync("a b/ü", new BlobReadOptions { Offset = 3, Length = 3, IfMatch = "e1" }, None);
        Assert.Equal(("345", "e1"), (Encoding.UTF8.GetString(read.Data), read.ETag));
        HttpRequestMessage request = Assert.Single(_service.Requests);
        Assert.StartsWith("https://service.example/bucket/in/a%20b/%C3%BC?", request.RequestUri!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Signature=", request.RequestUri.Query, StringComparison.Ordinal);
        Assert.Equal("bytes=3-5", request.Headers.Range!.ToString());
        Assert.Equal("\"e1\"", request.Headers.IfMatch.ToString());
    }

    [Theory]
    [InlineData(403, "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY")]
    [InlineData(401, "Unauthorized", "AWS_ACCESS_KEY_ID")]
    [InlineData(400, "AuthorizationHeaderMalformed", "AWS_REGION")]
    [InlineData(301, "PermanentRedirect", "S3_ENDPOINT")]
    public async Task A_refusal_is_told_with_its_code_and_what_to_check_and_is_not_asked_again(int status, string code, string expected)
    {
        foreach (Func<Task> ask in new Func<Task>[]
        {
            () => _store.ReadAsync("x", null, None), () => _store.FindAsync("x", None), () => _store.OpenReadAsync("x", null, None),
            async () => await _store.ListAsync("", null, 1, None).GetAsyncEnumerator(None).MoveNextAsync(),
        })
        {
            _service.Requests.Clear();
            _service.Answers.Enqueue(Answer((HttpStatusCode)status, $"<Error><Code>{code}</Code></Error>"));
            BlobRefusedException refusal = await Assert.ThrowsAsync<BlobRefusedException>(ask);
            Assert.Contains(code, refusal.Message, StringComparison.Ordinal);
            Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("SECRETSECRET", refusal.ToString(), StringComparison.Ordinal);
            Assert.Single(_service.Requests);
        }
    }

    [Fact]
    public async Task What_may_pass_is_asked_again_and_then_told()
    {
        _service.Answers.Enqueue(Answer(HttpStatusCode.ServiceUnavailable, "<Code>SlowDown</Code>"));
        _service.Answers.Enqueue(null);
        _service.Answers.Enqueue(Answer(HttpStatusCode.OK, "hello", "\"e1\"", cut: 2));
        _service.Answers.Enqueue(Answer(HttpStatusCode.OK, "hello", "\"e1\""));
        Assert.Equal("hello", Encoding.UTF8.GetString((await _store.ReadAsync("x", null, None)).Data));
        Assert.Equal(4, _service.Requests.Count);
        for (int i = 0; i < 5; i++) _service.Answers.Enqueue(Answer(HttpStatusCode.InternalServerError, ""));
        BlobException failure = await Assert.ThrowsAsync<BlobException>(() => _store.ReadAsync("x", null, None));
        Assert.Contains("did not answer well", failure.Message, StringComparison.Ordinal);
        Assert.Equal(9, _service.Requests.Count);
    }

    [Fact]
    public async Task A_download_that_breaks_goes_on_where_it_was_with_the_same_version()
    {
        _service.Answers.Enqueue(Answer(HttpStatusCode.PartialContent, "3456789", "\"e1\"", range: 3, cut: 2));
        _service.Answers.Enqueue(Answer(HttpStatusCode.PartialContent, "56789", "\"e1\"", range: 5, cut: 1));
        _service.Answers.Enqueue(Answer(HttpStatusCode.PartialContent, "6789", "\"e1\"", range: 6));
        await using Stream stream = await _store.OpenReadAsync("x", new BlobReadOptions { Offset = 3 }, None);
        using var reader = new StreamReader(stream);
        Assert.Equal("3456789", await reader.ReadToEndAsync(None));
        Assert.Equal(["bytes=3-", "bytes=5-9", "bytes=6-9"], _service.Requests.Select(r => r.Headers.Range!.ToString()));
        Assert.Equal(["", "\"e1\"", "\"e1\""], _service.Requests.Select(r => r.Headers.IfMatch.ToString()));
    }

    [Fact]
    public async Task A_service_that_does_not_know_conditions_or_ranges_is_found_out()
    {
        _service.Answers.Enqueue(Answer(HttpStatusCode.OK, "hello", "\"e2\""));
        Assert.Equal("e2", (await Assert.ThrowsAsync<BlobChangedException>(() => _store.ReadAsync("x", new BlobReadOptions { IfMatch = "e1" }, None))).Found);
        _service.Answers.Enqueue(Answer(HttpStatusCode.OK, "hello", "\"e1\""));
        Assert.Contains("whole blob for a range", (await Assert.ThrowsAsync<BlobException>(() => _store.ReadAsync("x", new BlobReadOptions { Offset = 1 }, None))).Message, StringComparison.Ordinal);
        _service.Answers.Enqueue(Answer(HttpStatusCode.OK, "hello"));
        Assert.Contains("no ETag", (await Assert.ThrowsAsync<BlobException>(() => _store.ReadAsync("x", null, None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listing_that_breaks_off_begins_anew_and_shows_each_blob_once_and_one_out_of_order_is_an_error()
    {
        _service.Answers.Enqueue(Answer(HttpStatusCode.OK, Listing("t", "a", "b")));
        _service.Answers.Enqueue(Answer(HttpStatusCode.ServiceUnavailable, ""));
        _service.Answers.Enqueue(Answer(HttpStatusCode.OK, Listing("t", "a", "b")));
        _service.Answers.Enqueue(Answer(HttpStatusCode.OK, Listing(null, "c%2Bd+e")));
        Assert.Equal(["a", "b", "c+d e"], await NamesAsync());
        _service.Answers.Enqueue(Answer(HttpStatusCode.OK, Listing(null, "%EF%BC%A1", "%F0%9F%94%AC")));
        Assert.Contains("not ordinal order", (await Assert.ThrowsAsync<BlobException>(NamesAsync)).Message, StringComparison.Ordinal);
    }

    private async Task<List<string>> NamesAsync()
    {
        List<string> names = [];
        await foreach (BlobPage page in _store.ListAsync("", null, 2, None)) names.AddRange(page.Blobs.Select(blob => blob.Name));
        return names;
    }

    private static string Listing(string? token, params string[] keys) =>
        $"""<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType><IsTruncated>{(token is null ? "false" : "true")}</IsTruncated>"""
        + (token is null ? "" : $"<NextContinuationToken>{token}</NextContinuationToken>")
        + string.Concat(keys.Select(key => $"<Contents><Key>in/{key}</Key><Size>1</Size><ETag>&quot;e&quot;</ETag><LastModified>2026-11-23T00:00:00.000Z</LastModified></Contents>")) + "</ListBucketResult>";

    private static HttpResponseMessage Answer(HttpStatusCode status, string body, string? eTag = null, long? range = null, int? cut = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        var content = new StreamContent(new MemoryStream(bytes, 0, cut ?? bytes.Length));
        content.Headers.ContentLength = bytes.Length;
        if (range is { } start) content.Headers.ContentRange = new ContentRangeHeaderValue(start, start + bytes.Length - 1, start + bytes.Length);
        var response = new HttpResponseMessage(status) { Content = content };
        if (eTag is not null) response.Headers.ETag = new EntityTagHeaderValue(eTag);
        return response;
    }

    private sealed class Service : HttpMessageHandler
    {
        /// <summary>Answers in order; null is a connection that breaks.</summary>
        public Queue<HttpResponseMessage?> Answers { get; } = new();

        public List<HttpRequestMessage> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            return Task.FromResult(Answers.Dequeue() ?? throw new HttpRequestException("Connection reset."));
        }
    }
}
