using Minio;

namespace MaskRcnn.Storage.S3;

/// <summary>Opens buckets by their URIs; the environment names the service and has the keys.</summary>
internal static class S3Location
{
    private const string Scheme = "s3://";

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(10), FirstWait = TimeSpan.FromSeconds(.5);

    /// <summary>Connections are shared by all stores of a process.</summary>
    private static readonly SocketsHttpHandler Connections = new() { PooledConnectionLifetime = ConnectionLifetime, ConnectTimeout = ConnectTimeout, AllowAutoRedirect = false };

    /// <summary>The store below <c>s3://bucket/prefix</c>.</summary>
    /// <param name="uri">The URI.</param>
    /// <param name="environment">Gives variables of the environment.</param>
    /// <param name="firstWait">The wait before a second try; each is twice as long as the one before. Default 0.5 s.</param>
    /// <exception cref="ArgumentException">The URI or the environment does not say which bucket, service or keys.</exception>
    public static S3BlobStore Open(string uri, Func<string, string?> environment, TimeSpan? firstWait = null)
    {
        if (BlobUri.Cut(uri).Query.Length > 0)
            throw new ArgumentException($"'{BlobUri.WithoutSecrets(uri)}' has a query, which s3://bucket/prefix does not take; s3://bucket/prefix is expected, with the keys in the environment.", nameof(uri));
        string path = uri[Scheme.Length..].TrimEnd('/');
        int end = path.IndexOf('/', StringComparison.Ordinal);
        (string bucket, string prefix) = end < 0 ? (path, "") : (path[..end], path[(end + 1)..].Trim('/'));
        if (bucket.Length == 0) throw new ArgumentException($"'{uri}' names no bucket; s3://bucket/prefix is expected.", nameof(uri));
        if (Value("AWS_ACCESS_KEY_ID") is not { } key || Value("AWS_SECRET_ACCESS_KEY") is not { } secret)
            throw new ArgumentException($"'{uri}' needs keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and S3_ENDPOINT for a service that is not Amazon's.", nameof(uri));
        string region = Value("AWS_REGION") ?? Value("AWS_DEFAULT_REGION") ?? "us-east-1";
        string endpoint = Value("S3_ENDPOINT") ?? Value("AWS_ENDPOINT_URL_S3") ?? Value("AWS_ENDPOINT_URL") ?? $"https://s3.{region}.amazonaws.com";
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? service) || service.Scheme is not ("http" or "https") || service.AbsolutePath != "/" || service.UserInfo.Length > 0 || service.Query.Length > 0)
            throw new ArgumentException($"'{uri}' needs the address of a service; S3_ENDPOINT or AWS_ENDPOINT_URL is '{BlobUri.WithoutSecrets(endpoint)}', and http(s)://host:port without a path is expected.", nameof(uri));
        IMinioClient client = new MinioClient()
            .WithEndpoint(service.IsDefaultPort ? service.Host : service.Authority)
            .WithSSL(service.Scheme == Uri.UriSchemeHttps)
            .WithRegion(region)
            .WithCredentials(key, secret)
            .WithHttpClient(Client());
        if (Value("AWS_SESSION_TOKEN") is { } token) client = client.WithSessionToken(token);
        return new S3BlobStore(client.Build(), Client(), bucket, prefix, Scheme + path, TimeProvider.System, firstWait ?? FirstWait);

        string? Value(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }

    // One for each use: the library sets times of its own.
    private static HttpClient Client() => new(new S3Answers(Connections), disposeHandler: false) { Timeout = S3BlobStore.AnswerTimeout };
}
