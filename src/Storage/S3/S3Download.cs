using System.Net;
using System.Net.Http.Headers;
using Minio;
using Minio.DataModel.Args;

namespace MaskRcnn.Storage.S3;

/// <summary>
/// Reads blobs by addresses that the library signs: one request a read, its version known by the answer that has the bytes. (The
/// library's own read asks twice, and sends no condition with the second.)
/// </summary>
internal sealed class S3Download(IMinioClient client, HttpClient http, string bucket, string location)
{
    private const int SignedSeconds = 3600;

    /// <summary>An ETag as it is kept: without quotes, as listings and reads write it in different ways.</summary>
    public static string Plain(string eTag) => eTag.Trim('"');

    /// <summary>Opens a blob, or a range of it that is not empty.</summary>
    /// <returns>The bytes; null: the range begins beyond its end.</returns>
    /// <exception cref="BlobChangedException">It is another version.</exception>
    /// <exception cref="HttpRequestException">The service refused, or did not answer.</exception>
    public async Task<S3Body?> OpenAsync(string key, string name, BlobReadOptions? options, CancellationToken cancellation)
    {
        string address = await client.PresignedGetObjectAsync(new PresignedGetObjectArgs().WithBucket(bucket).WithObject(key).WithExpiry(SignedSeconds));
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        bool isRange = options is { Offset: > 0 } or { Length: not null };
        if (isRange) request.Headers.Range = new RangeHeaderValue(options!.Offset, options.Length is { } length ? options.Offset + length - 1 : null);
        if (options?.IfMatch is { } expected) request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{expected}\""));
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            throw new BlobChangedException(location, name, options!.IfMatch!, null, exception);
        }
        catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return null;
        }
        try
        {
            string eTag = Plain(response.Headers.ETag?.Tag ?? throw new BlobException(location, name, "the service gives no ETag; expected one with every blob. It cannot be read from this service."));
            // Not every service knows the condition.
            if (options?.IfMatch is { } asked && asked != eTag) throw new BlobChangedException(location, name, asked, eTag);
            if (isRange && response.Content.Headers.ContentRange?.From != options!.Offset)
                throw new BlobException(location, name, "the service gave the whole blob for a range of it; expected the range. It cannot be read from this service.");
            long size = response.Content.Headers.ContentLength ?? throw new BlobException(location, name, "the service does not say how many bytes come; expected Content-Length.");
            return new S3Body(await response.Content.ReadAsStreamAsync(cancellation), size, eTag, response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
