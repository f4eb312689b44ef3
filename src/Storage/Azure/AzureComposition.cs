using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace MaskRcnn.Storage.Azure;

/// <summary>
/// Composes a blob on the server: each block is copied from its piece with the piece's ETag as condition, and all are
/// committed in one request. Above the service's limit runs of blocks become blobs between first.
/// </summary>
internal sealed class AzureComposition(
    AzureBlobStore store, AzureSources sources, AzureErrors errors, AzureComposeOptions options, Func<string, BlockBlobClient> client, Func<string, WriteCondition, AzureWrites> writes)
{
    /// <summary>How blobs between begin: names of the store's own, which are not listed.</summary>
    public const string BetweenPrefix = BlobName.Reserved + "compose-";

    private const int Tries = 4;

    public async Task<WriteResult> RunAsync(string name, IReadOnlyList<BlobPiece> pieces, WriteCondition condition, string attempt, CancellationToken cancellation)
    {
        List<ComposedBlock> blocks = ComposedBlock.Cut(pieces, options.MostBlockBytes);
        List<string> between = [];
        if (condition.IfAbsent && await OutcomeAsync(name, attempt, cancellation) is { } ended)
        {
            // An earlier try may have died before it had deleted them.
            if (blocks.Count > options.MostBlocks) await DeleteAsync(Runs(blocks).Select(run => BetweenName(name, run)), cancellation);
            return ended;
        }
        // The service is never asked to copy nothing.
        foreach (BlobPiece empty in pieces.Where(piece => piece.Name is not null && piece.Length == 0)) await CheckAsync(empty, null, cancellation);
        try
        {
            while (blocks.Count > options.MostBlocks)
            {
                int before = blocks.Count;
                List<BlobPiece> level = [];
                foreach (ComposedBlock[] run in Runs(blocks))
                {
                    string blob = BetweenName(name, run);
                    WriteResult result = await OutcomeAsync(blob, attempt, cancellation) ?? await WriteAsync(blob, run, WriteCondition.Absent, cancellation);
                    if (result.Outcome == WriteOutcome.Unknown) return result;
                    between.Add(blob);
                    // Its name holds the hash of its pieces, so another attempt's is as good.
                    level.Add(BlobPiece.Of(blob, result.ETag!, run.Sum(block => block.Length)));
                }
                blocks = ComposedBlock.Cut(level, options.MostBlockBytes);
                if (blocks.Count >= before) throw new BlobException(store.Location, name, $"it has {pieces.Sum(piece => piece.Length)} bytes in {pieces.Count} pieces, which is larger than a blob may be: {options.MostBlocks} blocks of {options.MostBlockBytes} bytes.");
            }
            WriteResult end = await WriteAsync(name, blocks, condition, cancellation);
            if (end.Outcome != WriteOutcome.Unknown) await DeleteAsync(between, cancellation);
            return end;
        }
        catch (BlobNotFoundException exception) when (between.Contains(exception.Name, StringComparer.Ordinal))
        {
            // Another that composes the same has finished, and deleted what lay between.
            return condition.IfAbsent && await OutcomeAsync(name, attempt, cancellation) is { } other ? other : new WriteResult(WriteOutcome.Unknown, null);
        }
        catch (Exception exception) when (exception is BlobNotFoundException or BlobChangedException or BlobSizeException)
        {
            // It will not come to anything any more.
            await DeleteAsync(between, CancellationToken.None);
            throw;
        }
    }

    private IEnumerable<ComposedBlock[]> Runs(IEnumerable<ComposedBlock> blocks) =>
        blocks.Chunk(options.MostBlocks).Select(run => run.Select((block, i) => block.As(i)).ToArray());

    private static string BetweenName(string name, ComposedBlock[] run)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(name + "\n" + string.Join('\n', run.Select(block => block.Id))));
        return name[..(name.LastIndexOf('/') + 1)] + BetweenPrefix + Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }

    /// <summary>Whose blob is there, if one is.</summary>
    private async Task<WriteResult?> OutcomeAsync(string name, string attempt, CancellationToken cancellation)
    {
        try
        {
            BlobProperties found = await client(name).GetPropertiesAsync(null, cancellation);
            return new WriteResult(AzureWrites.AttemptOf(found.Metadata) == attempt ? WriteOutcome.AlreadyMine : WriteOutcome.Anothers, AzureETag.Text(found.ETag));
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
        catch (Exception exception) when (errors.Translate(name, exception, cancellation) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>One blob of at most so many blocks as the service takes.</summary>
    private async Task<WriteResult> WriteAsync(string name, IReadOnlyList<ComposedBlock> blocks, WriteCondition condition, CancellationToken cancellation)
    {
        AzureWrites target = writes(name, condition);
        if (blocks.All(block => block.Piece.Name is null)) return await target.PutAsync(blocks.Count == 0 ? default : blocks[0].Piece.Bytes, cancellation);
        IReadOnlyDictionary<string, long> staged = await target.StagedAsync(cancellation);
        ComposedBlock[] missing = [.. blocks.Where(block => staged.GetValueOrDefault(block.Id, -1) != block.Length)];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellation };
        await Parallel.ForEachAsync(missing, parallel, async (block, stop) => await StageAsync(target, name, block, stop));
        if (missing.Length > 0) staged = await target.StagedAsync(cancellation);
        // One that is not there was dropped as another writer committed: the commit finds out whose blob there is.
        if (Array.Find(missing, block => staged.TryGetValue(block.Id, out long size) && size != block.Length) is { } wrong)
            throw new BlobSizeException(store.Location, wrong.Piece.Name!, wrong.Piece.Size, wrong.Piece.Size - wrong.Length + staged[wrong.Id]);
        return await target.CommitAsync([.. blocks.Select(block => block.Id)], cancellation);
    }

    private async Task StageAsync(AzureWrites target, string name, ComposedBlock block, CancellationToken cancellation)
    {
        if (block.Piece.Name is not { } source)
        {
            await target.StageAsync(block.Id, block.Piece.Bytes.Slice((int)block.Start, (int)block.Length).ToArray(), (int)block.Length, cancellation);
            return;
        }
        BlockBlobClient blob = client(source);
        // Without an end where the blob ends: one that is longer than was said is found by the block's size.
        HttpRange range = block.IsWhole ? default : new HttpRange(block.Start, block.Start + block.Length == block.Piece.Size ? null : block.Length);
        for (int tries = 1; ; tries++)
        {
            try
            {
                (Uri address, HttpAuthorization? authorization) = await sources.OfAsync(blob, cancellation);
                await target.StageFromAsync(block.Id, address, AzureSources.Options(block.Piece.ETag, range, authorization), cancellation);
                return;
            }
            catch (RequestFailedException exception) when (exception.Status is >= 400 and < 500 and not 401)
            {
                await CheckAsync(block.Piece, exception, cancellation);
                // The blob is as it should be: what refuses it now may take it then.
                if (tries < Tries && exception.Status is 404 or 409 or 412) continue;
                throw errors.Because(source, $"the service cannot copy it into {name}: {exception.ErrorCode ?? "no reason given"} ({exception.Status}). The credentials must allow to read it and to write there.", exception);
            }
            catch (Exception exception) when (errors.Translate(name, exception, cancellation) is { } translated)
            {
                throw translated;
            }
        }
    }

    /// <summary>Whether a piece's blob is what it should be.</summary>
    private async Task CheckAsync(BlobPiece piece, Exception? cause, CancellationToken cancellation)
    {
        (string eTag, long size) = await FindAsync(piece.Name!, cause, cancellation);
        if (eTag != piece.ETag) throw new BlobChangedException(store.Location, piece.Name!, piece.ETag, eTag, cause);
        if (size != piece.Size) throw new BlobSizeException(store.Location, piece.Name!, piece.Size, size);
    }

    private async Task<(string ETag, long Size)> FindAsync(string name, Exception? cause, CancellationToken cancellation)
    {
        try
        {
            BlobProperties found = await client(name).GetPropertiesAsync(null, cancellation);
            return (AzureETag.Text(found.ETag), found.ContentLength);
        }
        catch (Exception exception) when (errors.Translate(name, exception, cancellation) is { } translated)
        {
            throw translated is BlobNotFoundException ? new BlobNotFoundException(store.Location, name, cause ?? exception) : translated;
        }
    }

    private async Task DeleteAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        foreach (string name in names)
        {
            try
            {
                await client(name).DeleteIfExistsAsync(cancellationToken: cancellation);
            }
            catch (Exception exception) when (errors.Translate(name, exception, cancellation) is not null)
            {
                // What was composed is there all the same. A repetition deletes them; they are not listed.
            }
        }
    }
}
