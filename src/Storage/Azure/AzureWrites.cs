using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace MaskRcnn.Storage.Azure;

/// <summary>
/// Writes one blob, and finds out how it ended. The client repeats a request whose answer was lost, and then meets its own
/// blob; so after a refusal or a time-out the attempt in the blob's metadata is read back.
/// </summary>
internal sealed class AzureWrites(BlobContainerClient container, BlockBlobClient blob, AzureErrors errors, string name, WriteCondition condition, string attempt)
{
    private const string AttemptKey = "maskrcnn_attempt";

    private readonly Dictionary<string, string> _metadata = new() { [AttemptKey] = attempt };

    private readonly BlobRequestConditions _conditions = new()
    {
        IfNoneMatch = condition.IfAbsent ? ETag.All : null,
        IfMatch = condition.IfMatch is { } expected ? AzureETag.Parse(expected) : null,
    };

    /// <summary>The attempt in a blob's metadata.</summary>
    public static string? AttemptOf(IDictionary<string, string> metadata) => metadata.TryGetValue(AttemptKey, out string? attempt) ? attempt : null;

    /// <summary>Writes all of it in one request.</summary>
    public Task<WriteResult> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        // The client sends what is smaller than this in one request; it would else send blocks with ids of its own.
        var transfer = new StorageTransferOptions { InitialTransferSize = content.Length + 1L };
        var options = new BlobUploadOptions { Conditions = _conditions, Metadata = _metadata, TransferOptions = transfer };
        return EndAsync(async () => (await blob.UploadAsync(new MemoryStream(content.ToArray(), writable: false), options, cancellation)).Value.ETag, cancellation);
    }

    /// <summary>Sends one block, which nobody sees yet.</summary>
    public async Task StageAsync(string block, byte[] content, int length, CancellationToken cancellation)
    {
        try
        {
            await InContainerAsync(async () => await blob.StageBlockAsync(block, new MemoryStream(content, 0, length, writable: false), options: null, cancellation), cancellation);
        }
        catch (Exception exception) when (errors.Translate(name, exception, cancellation) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Has the service copy one block from another blob. Failures are the service's own: which blob is at fault the caller finds out.</summary>
    public Task StageFromAsync(string block, Uri source, StageBlockFromUriOptions options, CancellationToken cancellation) =>
        InContainerAsync(async () => await blob.StageBlockFromUriAsync(source, block, options, cancellation), cancellation);

    /// <summary>The blocks that are sent and not committed, this writer's and others', with their sizes.</summary>
    public async Task<IReadOnlyDictionary<string, long>> StagedAsync(CancellationToken cancellation)
    {
        try
        {
            BlockList list = await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellation);
            return list.UncommittedBlocks.ToDictionary(block => block.Name, block => block.SizeLong, StringComparer.Ordinal);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return new Dictionary<string, long>();
        }
        catch (Exception exception) when (errors.Translate(name, exception, cancellation) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Makes the blob of the blocks.</summary>
    public Task<WriteResult> CommitAsync(IReadOnlyList<string> blocks, CancellationToken cancellation)
    {
        var options = new CommitBlockListOptions { Conditions = _conditions, Metadata = _metadata };
        return EndAsync(async () => (await blob.CommitBlockListAsync(blocks, options, cancellation)).Value.ETag, cancellation);
    }

    private async Task<WriteResult> EndAsync(Func<Task<ETag>> write, CancellationToken cancellation)
    {
        try
        {
            return new WriteResult(WriteOutcome.Written, AzureETag.Text(await InContainerAsync(write, cancellation)));
        }
        catch (RequestFailedException exception) when (IsRefusal(exception))
        {
            return await AskAsync(cancellation);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "InvalidBlockList")
        {
            // Our blocks are gone: committed by a try whose answer was lost, or dropped when another writer committed.
            WriteResult result = await AskAsync(cancellation);
            if (result.Outcome != WriteOutcome.Unknown) return result;
            throw errors.Because(name, "another writer replaced it meanwhile, and the service dropped what was sent. Write it again.", exception);
        }
        catch (Exception exception) when (AzureErrors.IsUnknownOutcome(exception, cancellation))
        {
            return await AskAsync(cancellation);
        }
        catch (Exception exception) when (errors.Translate(name, exception, cancellation) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>
    /// Reads back whose blob is there. What the blob does not tell stays unknown, also after a refusal that it does not bear
    /// out: the version to be replaced is still there.
    /// </summary>
    private async Task<WriteResult> AskAsync(CancellationToken cancellation)
    {
        try
        {
            BlobProperties found = await blob.GetPropertiesAsync(null, cancellation);
            string eTag = AzureETag.Text(found.ETag);
            if (AttemptOf(found.Metadata) == attempt && eTag != condition.IfMatch) return new WriteResult(WriteOutcome.AlreadyMine, eTag);
            bool isAnothers = condition.IfAbsent || (condition.IfMatch is { } expected && expected != eTag);
            return isAnothers ? new WriteResult(WriteOutcome.Anothers, eTag) : new WriteResult(WriteOutcome.Unknown, null);
        }
        catch (RequestFailedException exception) when (AzureErrors.IsNotFound(exception))
        {
            // Nothing to match any more; but the place of a put-if-absent may have been emptied since, or not be filled yet.
            return new WriteResult(condition.IfMatch is not null ? WriteOutcome.Anothers : WriteOutcome.Unknown, null);
        }
        catch (Exception exception) when (AzureErrors.IsUnknownOutcome(exception, cancellation) || errors.Translate(name, exception, cancellation) is not null)
        {
            return new WriteResult(WriteOutcome.Unknown, null);
        }
    }

    private async Task<T> InContainerAsync<T>(Func<Task<T>> request, CancellationToken cancellation)
    {
        try
        {
            return await request();
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "ContainerNotFound")
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
            return await request();
        }
    }

    private bool IsRefusal(RequestFailedException exception) =>
        exception.ErrorCode is "BlobAlreadyExists" or "ConditionNotMet" or "TargetConditionNotMet"
        || (exception.Status == 412 && exception.ErrorCode is null)
        || (condition.IfMatch is not null && exception.Status == 404 && exception.ErrorCode != "ContainerNotFound");
}
