using System.Runtime.CompilerServices;
using Minio;
using Minio.DataModel;
using Minio.DataModel.Args;

namespace MaskRcnn.Storage.S3;

/// <summary>Blobs below a prefix of a bucket of an S3-compatible service, for reading. See docs/storage.md for why nothing is written.</summary>
public sealed class S3BlobStore : IBlobStore
{
    /// <summary>How long an answer may take to begin, and a read of its body to go on.</summary>
    internal static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(100);

    private const int MostTries = 5;

    private readonly IMinioClient _client;
    private readonly S3Download _download;
    private readonly string _bucket, _prefix;
    private readonly S3Errors _errors;
    private readonly TimeProvider _time;
    private readonly TimeSpan _firstWait;

    /// <summary>The blobs below a prefix of a bucket.</summary>
    /// <param name="client">Asks the service; its HTTP client makes exceptions of answers that are not well.</param>
    /// <param name="http">Reads blobs; as the client's.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">Folder within it; empty for all of it.</param>
    /// <param name="location">How the store is shown to users.</param>
    /// <param name="time">The clock, for waits between tries.</param>
    /// <param name="firstWait">The wait before a second try; each is twice as long as the one before.</param>
    internal S3BlobStore(IMinioClient client, HttpClient http, string bucket, string prefix, string location, TimeProvider time, TimeSpan firstWait)
    {
        (_client, _bucket, Location, _time, _firstWait) = (client, bucket, location, time, firstWait);
        _prefix = prefix.Length > 0 ? prefix + "/" : "";
        if (_prefix.Length > 0) BlobName.Check(Location, prefix);
        _errors = new S3Errors(Location, bucket);
        _download = new S3Download(client, http, bucket, location);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        BlobName.CheckPrefix(Location, prefix);
        if (BlobName.IsHidden(prefix)) yield break;
        var page = new List<BlobInfo>();
        var listing = new S3Listing(_client, _bucket, _prefix, prefix, Location);
        await foreach (BlobInfo blob in listing.BlobsAsync(after?.Name, ask => TryAsync(prefix, ask, cancellation), cancellation))
        {
            page.Add(blob);
            if (page.Count < pageSize) continue;
            yield return new BlobPage(page, new ListPosition(blob.Name));
            page = [];
        }
        if (page.Count > 0) yield return new BlobPage(page, new ListPosition(page[^1].Name));
    }

    /// <inheritdoc/>
    public async Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation)
    {
        BlobName.Check(Location, name);
        return await TryAsync(name, FindOnceAsync, cancellation);

        async Task<BlobInfo?> FindOnceAsync()
        {
            try
            {
                ObjectStat found = await _client.StatObjectAsync(new StatObjectArgs().WithBucket(_bucket).WithObject(_prefix + name), cancellation);
                return new BlobInfo(name, found.Size, S3Download.Plain(found.ETag));
            }
            catch (Exception exception) when (S3Errors.IsNotFound(exception))
            {
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation)
    {
        BlobName.Check(Location, name);
        return await TryAsync(name, async () =>
        {
            await using S3Body body = await OpenAsync(name, options, cancellation);
            if (body.Length > Array.MaxLength) throw new BlobException(Location, name, $"{body.Length} bytes are too many to read at once. Open it as a stream.");
            byte[] data = new byte[body.Length];
            await body.ReadExactlyAsync(data, cancellation);
            return new BlobContent(data, body.ETag);
        }, cancellation);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation)
    {
        BlobName.Check(Location, name);
        S3Body first = await TryAsync(name, () => OpenAsync(name, options, cancellation), cancellation);
        return new S3ReadStream(first, (position, stop) => TryAsync(
            name, () => OpenAsync(name, new BlobReadOptions { Offset = (options?.Offset ?? 0) + position, Length = first.Length - position, IfMatch = first.ETag }, stop), stop));
    }

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation) => Refuse<WriteResult>(name);

    /// <inheritdoc/>
    public Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation) => Refuse<BlobWriteStream>(name);

    /// <inheritdoc/>
    public Task<WriteResult> ComposeAsync(string name, IReadOnlyList<BlobPiece> pieces, WriteCondition condition, string attempt, CancellationToken cancellation) => Refuse<WriteResult>(name);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation) => Refuse<bool>(name);

    private Task<T> Refuse<T>(string name) => Finished.Task<T>(
        () =>
        {
            BlobName.Check(Location, name);
            throw new NotSupportedException($"{Location}/{name}: S3-compatible stores are read, and nothing is written to them. Write to a folder, or to Azure Blob Storage (az://container/prefix).");
        },
        CancellationToken.None);

    private async Task<S3Body> OpenAsync(string name, BlobReadOptions? options, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options?.Offset ?? 0, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options?.Length ?? 0, nameof(options));
        if (options?.Length != 0 && await _download.OpenAsync(_prefix + name, name, options, cancellation) is { } body) return body;
        // Nothing is asked for, or what is beyond the end: no range says that.
        BlobInfo found = await FindAsync(name, cancellation) ?? throw new BlobNotFoundException(Location, name);
        if (options?.IfMatch is { } expected && expected != found.ETag) throw new BlobChangedException(Location, name, expected, found.ETag);
        return new S3Body(Stream.Null, 0, found.ETag, null);
    }

    private async Task<T> TryAsync<T>(string name, Func<Task<T>> ask, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (tries < MostTries && S3Errors.MayPass(exception, cancellation))
            {
                await Task.Delay(_firstWait * (1 << tries - 1), _time, cancellation);
            }
            catch (Exception exception) when (_errors.Translate(name, exception, cancellation) is { } translated)
            {
                throw translated;
            }
        }
    }
}
