using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace MaskRcnn.Storage.Azure;

/// <summary>Blobs below a prefix of a container of Azure Blob Storage. See docs/storage.md for what it guarantees.</summary>
public sealed class AzureBlobStore : IBlobStore
{
    private const int ContradictionTries = 5;

    private readonly BlobContainerClient _container;
    private readonly string _prefix;
    private readonly AzureErrors _errors;
    private readonly AzureSources _sources;

    /// <summary>The blobs below a prefix of a container.</summary>
    /// <param name="container">The container, with its credentials and retries. It need not exist: the first write makes it.</param>
    /// <param name="prefix">Folder within it; empty for all of it.</param>
    /// <param name="location">How the store is shown to users; without secrets.</param>
    /// <param name="credential">What the container's client gets its tokens from, if it does: the service reads pieces by them. Null for keys and SAS.</param>
    public AzureBlobStore(BlobContainerClient container, string prefix, string location, TokenCredential? credential = null)
    {
        (_container, Location) = (container, location.TrimEnd('/'));
        _sources = new AzureSources(credential, TimeProvider.System);
        _prefix = prefix.Trim('/') is { Length: > 0 } folder ? folder + "/" : "";
        if (_prefix.Length > 0) BlobName.Check(Location, _prefix[..^1]);
        _errors = new AzureErrors(Location, container.Name);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public bool ComposesOnServer => true;

    /// <summary>Limits of composing.</summary>
    public AzureComposeOptions Composing { get; init; } = new();

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        BlobName.CheckPrefix(Location, prefix);
        if (BlobName.IsHidden(prefix)) yield break;
        await foreach (BlobPage page in new AzureListing(_container, _errors, _prefix, prefix, pageSize).PagesAsync(after, cancellation)) yield return page;
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> AskTimeAsync(CancellationToken cancellation)
    {
        try
        {
            return (await _container.GetPropertiesAsync(null, cancellation)).GetRawResponse().Headers.Date;
        }
        catch (RequestFailedException exception) when (exception.GetRawResponse()?.Headers.Date is { } refused)
        {
            // A SAS need not allow the question; the refusal has the time, too.
            return refused;
        }
        catch (Exception exception) when (_errors.Translate("", exception, cancellation) is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public async Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation)
    {
        try
        {
            BlobProperties found = await Client(name).GetPropertiesAsync(null, cancellation);
            return new BlobInfo(name, found.ContentLength, AzureETag.Text(found.ETag)) { Attempt = AzureWrites.AttemptOf(found.Metadata) };
        }
        catch (Exception exception) when (AzureErrors.IsNotFound(exception))
        {
            return null;
        }
        catch (Exception exception) when (_errors.Translate(name, exception, cancellation) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public async Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation)
    {
        await using AzureReadStream stream = await OpenAsync(name, options, cancellation);
        if (stream.Length > Array.MaxLength) throw new BlobException(Location, name, $"{stream.Length} bytes are too many to read at once. Open it as a stream.");
        byte[] data = new byte[stream.Length];
        await stream.ReadExactlyAsync(data, cancellation);
        return new BlobContent(data, stream.ETag);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => await OpenAsync(name, options, cancellation);

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        Writes(name, condition, attempt).PutAsync(content, cancellation);

    /// <inheritdoc/>
    public Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        Finished.Task<BlobWriteStream>(() => new AzureWriteStream(Writes(name, condition, attempt), attempt), cancellation);

    /// <inheritdoc/>
    public async Task<WriteResult> ComposeAsync(string name, IReadOnlyList<BlobPiece> pieces, WriteCondition condition, string attempt, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        BlobName.Check(Location, name);
        AttemptId.Check(attempt);
        foreach (BlobPiece piece in pieces)
        {
            if (piece.Name is not null) BlobName.Check(Location, piece.Name);
        }
        var composition = new AzureComposition(this, _sources, _errors, Composing, blob => _container.GetBlockBlobClient(_prefix + blob), Writes);
        return await composition.RunAsync(name, pieces, condition, attempt, cancellation);

        AzureWrites Writes(string blob, WriteCondition when) => new(_container, _container.GetBlockBlobClient(_prefix + blob), _errors, blob, when, attempt);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation)
    {
        BlobRequestConditions? conditions = ifMatch is null ? null : new BlobRequestConditions { IfMatch = AzureETag.Parse(ifMatch) };
        try
        {
            await Client(name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions, cancellation);
        }
        catch (Exception exception) when (AzureErrors.IsNotFound(exception) || exception is RequestFailedException { ErrorCode: "ContainerNotFound" })
        {
            // Deleted already, perhaps by this call's first try.
        }
        catch (RequestFailedException exception) when (exception.Status == 412 && ifMatch is not null)
        {
            // A service may check the condition first; a blob that is gone is deleted already.
            if (await FindAsync(name, cancellation) is not { } found) return;
            if (found.ETag != ifMatch) throw new BlobChangedException(Location, name, ifMatch, found.ETag, exception);
            throw _errors.Because(name, $"the service says that it is not the version {ifMatch}, and that it is. Try again later.", exception);
        }
        catch (Exception exception) when (_errors.Translate(name, exception, cancellation) is { } translated)
        {
            throw translated;
        }
    }

    private BlockBlobClient Client(string name)
    {
        BlobName.Check(Location, name);
        return _container.GetBlockBlobClient(_prefix + name);
    }

    private AzureWrites Writes(string name, WriteCondition condition, string attempt)
    {
        AttemptId.Check(attempt);
        return new AzureWrites(_container, Client(name), _errors, name, condition, attempt);
    }

    private async Task<AzureReadStream> OpenAsync(string name, BlobReadOptions? options, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await TryOpenAsync(name, options, cancellation);
            }
            catch (BlobChangedException exception) when (exception.Found == exception.Expected)
            {
                // It is the version that was asked for, and the service says that it is not.
                if (tries == ContradictionTries) throw new BlobException(Location, name, $"the service says that it is not the version {exception.Expected}, and that it is. Try again later.", exception);
            }
        }
    }

    private async Task<AzureReadStream> TryOpenAsync(string name, BlobReadOptions? options, CancellationToken cancellation)
    {
        _ = BlobRange.Of(options, long.MaxValue);
        var conditions = new BlobRequestConditions { IfMatch = options?.IfMatch is { } eTag ? AzureETag.Parse(eTag) : null };
        bool isWhole = options is null or { Offset: 0, Length: null };
        try
        {
            BlockBlobClient client = Client(name);
            if (options?.Length != 0)
            {
                try
                {
                    var download = new BlobDownloadOptions { Conditions = conditions, Range = isWhole ? default : new HttpRange(options!.Offset, options.Length) };
                    BlobDownloadStreamingResult result = await client.DownloadStreamingAsync(download, cancellation);
                    return new AzureReadStream(result.Content, result.Details.ContentLength, AzureETag.Text(result.Details.ETag), _errors, name);
                }
                catch (RequestFailedException exception) when (exception.Status == 416)
                {
                    // The range begins at the end or beyond it: there is nothing, of this version.
                }
            }
            BlobProperties properties = await client.GetPropertiesAsync(conditions, cancellation);
            return new AzureReadStream(Stream.Null, 0, AzureETag.Text(properties.ETag), _errors, name);
        }
        catch (RequestFailedException exception) when (exception.Status == 412 && options?.IfMatch is { } expected)
        {
            BlobInfo found = await FindAsync(name, cancellation) ?? throw new BlobNotFoundException(Location, name, exception);
            throw new BlobChangedException(Location, name, expected, found.ETag, exception);
        }
        catch (Exception exception) when (_errors.Translate(name, exception, cancellation) is { } translated)
        {
            throw translated;
        }
    }
}
