using Azure;
using Azure.Identity;

namespace MaskRcnn.Storage.Azure;

/// <summary>What the service's failures mean to a user.</summary>
internal sealed class AzureErrors(string location, string container)
{
    /// <summary>Whether the blob (not its container) is missing.</summary>
    public static bool IsNotFound(Exception exception) => exception is RequestFailedException { Status: 404 } failure && failure.ErrorCode != "ContainerNotFound";

    /// <summary>Whether a request may have been done although it failed: a time-out, a lost connection, or an error of the service.</summary>
    public static bool IsUnknownOutcome(Exception exception, CancellationToken cancellation) => exception switch
    {
        RequestFailedException failure => failure.Status is 0 or 408 or 429 or >= 500,
        AggregateException several => several.InnerExceptions.Any(inner => IsUnknownOutcome(inner, cancellation)),
        OperationCanceledException => !cancellation.IsCancellationRequested,
        IOException and not BlobException => true,
        HttpRequestException => true,
        _ => false,
    };

    /// <summary>The exception for a caller; null for those that are not the service's.</summary>
    public BlobException? Translate(string name, Exception exception, CancellationToken cancellation) => exception switch
    {
        BlobException => null,
        RequestFailedException { ErrorCode: "ContainerNotFound" } => Refused(name, $"there is no container '{container}'. Check the URI, or make the container.", exception),
        RequestFailedException { Status: 404 } => new BlobNotFoundException(location, name, exception),
        RequestFailedException { Status: 401 } => Refused(name, "the service does not know these credentials. Check the connection string, the SAS or the login ('az login').", exception),
        RequestFailedException { Status: 403 } failure => Refused(name, $"these credentials may not do this ({failure.ErrorCode}). Ask for the role 'Storage Blob Data Contributor', or a SAS with the rights to read, write, delete and list.", exception),
        RequestFailedException { Status: >= 400 and < 500 and not 408 and not 429 } failure => Refused(name, $"the service refused: {failure.ErrorCode ?? "no reason given"} ({failure.Status}).", exception),
        AuthenticationFailedException => Because(name, "no credentials were found or they were refused. Use 'az login', set AZURE_STORAGE_CONNECTION_STRING, or give a URL with a SAS.", exception),
        _ when IsUnknownOutcome(exception, cancellation) => Because(name, "the service did not answer well in several tries. Check the network and the URI; try again later.", exception),
        _ => null,
    };

    private BlobRefusedException Refused(string name, string reason, Exception exception) => new(location, name, reason, exception);

    /// <summary>An exception with a reason of the store's own.</summary>
    public BlobException Because(string name, string reason, Exception exception) => new(location, name, reason, exception);
}
