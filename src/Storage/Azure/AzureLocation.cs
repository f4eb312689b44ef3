using System.Net;
using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace MaskRcnn.Storage.Azure;

/// <summary>Opens containers by their URIs.</summary>
internal static class AzureLocation
{
    private const string EmulatorAccount = "devstoreaccount1";

    /// <summary>The emulator's key: public, the same everywhere, part of its documentation.</summary>
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The store below <c>az://container/prefix</c>; the environment names the account.</summary>
    public static AzureBlobStore OpenShort(string uri, Func<string, string?> environment)
    {
        if (BlobUri.Cut(uri).Query.Length > 0)
            throw new ArgumentException($"'{BlobUri.WithoutSecrets(uri)}' has a SAS, which az://container/prefix does not take; https://account.blob.core.windows.net/container/prefix?<SAS> is expected.", nameof(uri));
        string path = uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..].Trim('/');
        (string container, string prefix) = Cut(path);
        if (container.Length == 0) throw new ArgumentException($"'{uri}' names no container; az://container/prefix is expected.", nameof(uri));
        BlobContainerClient client;
        TokenCredential? credential = null;
        if (environment("AZURE_STORAGE_CONNECTION_STRING") is { Length: > 0 } connection)
        {
            try
            {
                client = new BlobContainerClient(connection, container, Options());
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException)
            {
                // What is wrong in it is not repeated: it holds a key.
                throw new ArgumentException($"'{uri}' needs the connection string in AZURE_STORAGE_CONNECTION_STRING, which is not a valid one.", nameof(uri));
            }
        }
        else if (environment("AZURE_STORAGE_ACCOUNT") is { Length: > 0 } account)
        {
            credential = new DefaultAzureCredential();
            client = new BlobContainerClient(new Uri($"https://{account}.blob.core.windows.net/{container}"), credential, Options());
        }
        else
        {
            throw new ArgumentException(
                $"'{uri}' does not say which account: set AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCOUNT, or use https://account.blob.core.windows.net/{path}.",
                nameof(uri));
        }
        return new AzureBlobStore(client, prefix, $"az://{path}", credential);
    }

    /// <summary>The store below an http(s) URL.</summary>
    public static AzureBlobStore OpenUrl(string uri)
    {
        // The text of the URI is not repeated in errors: a SAS is a secret.
        if (!Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) || parsed.UserInfo.Length > 0) throw new ArgumentException("This is not a URL of a container.", nameof(uri));
        string shown = parsed.GetLeftPart(UriPartial.Path);
        if (BlobUri.IsHidden(uri)) throw new ArgumentException($"'{shown}{BlobUri.HiddenQuery}' is a URI as it is shown, without its SAS; the whole URI is expected.", nameof(uri));
        string path = Uri.UnescapeDataString(parsed.AbsolutePath).Trim('/');
        string account = "";
        bool isPathStyle = IPAddress.TryParse(parsed.Host, out _) || parsed.Host == "localhost" || path.StartsWith(EmulatorAccount + "/", StringComparison.Ordinal);
        if (isPathStyle) (account, path) = Cut(path);
        (string container, string prefix) = Cut(path);
        if (container.Length == 0) throw new ArgumentException($"'{shown}' names no container; https://account.blob.core.windows.net/container/prefix is expected.", nameof(uri));
        var address = new UriBuilder(parsed) { Path = isPathStyle ? $"/{account}/{container}" : "/" + container };
        // The client knows addresses of this kind by their numbers only.
        if (parsed.Host == "localhost") address.Host = "127.0.0.1";
        bool hasSas = parsed.Query.Contains("sig=", StringComparison.Ordinal);
        if (!hasSas) address.Query = "";
        if (hasSas) return new AzureBlobStore(new BlobContainerClient(address.Uri, Options()), prefix, shown);
        if (account == EmulatorAccount)
            return new AzureBlobStore(new BlobContainerClient(address.Uri, new StorageSharedKeyCredential(EmulatorAccount, EmulatorKey), Options()), prefix, shown);
        if (address.Scheme != Uri.UriSchemeHttps) throw new ArgumentException($"'{shown}' would send credentials without encryption; use https, or a URL with a SAS.");
        var credential = new DefaultAzureCredential();
        return new AzureBlobStore(new BlobContainerClient(address.Uri, credential, Options()), prefix, shown, credential);
    }

    /// <summary>Five tries with growing waits: 0.8 s to 30 s.</summary>
    public static BlobClientOptions Options()
    {
        var options = new BlobClientOptions();
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 5;
        options.Retry.Delay = TimeSpan.FromSeconds(0.8);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(30);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(100);
        options.AddPolicy(new RefusalPolicy(TimeProvider.System), HttpPipelinePosition.PerRetry);
        // The URL of a copy's source may hold a SAS.
        options.Diagnostics.LoggedHeaderNames.Remove("x-ms-copy-source");
        return options;
    }

    private static (string First, string Others) Cut(string path)
    {
        int end = path.IndexOf('/');
        return end < 0 ? (path, "") : (path[..end], path[(end + 1)..].Trim('/'));
    }
}
