using System.Net;
using Minio.Exceptions;

namespace MaskRcnn.Storage.S3;

/// <summary>What the service's failures mean to a user.</summary>
internal sealed class S3Errors(string location, string bucket)
{
    private const string NoBucket = "NoSuchBucket";

    /// <summary>Whether the blob is missing; of HEAD's answer it cannot be told whether its bucket is.</summary>
    public static bool IsNotFound(Exception exception) => exception is HttpRequestException { StatusCode: HttpStatusCode.NotFound, Message: not NoBucket };

    /// <summary>Whether trying again may help: a time-out, a lost connection, or an error of the service.</summary>
    public static bool MayPass(Exception exception, CancellationToken cancellation) => exception switch
    {
        HttpRequestException failure => failure.StatusCode is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        OperationCanceledException => !cancellation.IsCancellationRequested,
        IOException and not BlobException => true,
        _ => false,
    };

    /// <summary>The exception for a caller; null for those that are not the service's.</summary>
    public BlobException? Translate(string name, Exception exception, CancellationToken cancellation) => exception switch
    {
        BlobException => null,
        HttpRequestException { StatusCode: HttpStatusCode.NotFound, Message: NoBucket } => Refused(name, $"there is no bucket '{bucket}'. Check the URI, and S3_ENDPOINT.", exception),
        HttpRequestException { StatusCode: HttpStatusCode.NotFound } => new BlobNotFoundException(location, name, exception),
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => Refused(name, $"these keys may not do this ({exception.Message}). Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the bucket's policy: reading and listing are needed.", exception),
        _ when MayPass(exception, cancellation) => new BlobException(location, name, "the service did not answer well in several tries. Check the network and S3_ENDPOINT; try again later.", exception),
        HttpRequestException failure => Refused(name, $"the service refused: {failure.Message} ({(int)failure.StatusCode!}). Check S3_ENDPOINT and AWS_REGION.", exception),
        MinioException => Refused(name, $"the service cannot be asked for this: {exception.Message}", exception),
        _ => null,
    };

    private BlobRefusedException Refused(string name, string reason, Exception exception) => new(location, name, reason, exception);
}
