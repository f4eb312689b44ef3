namespace MaskRcnn.Storage;

/// <summary>Composes a blob by reading its pieces and writing them one after the other: for stores whose bytes are near.</summary>
internal static class Concatenation
{
    private const int BufferSize = 1 << 20;

    /// <summary>See <see cref="IBlobStore.ComposeAsync"/>.</summary>
    public static async Task<WriteResult> RunAsync(IBlobStore store, string name, IReadOnlyList<BlobPiece> pieces, WriteCondition condition, string attempt, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        // Not to copy what cannot be put then.
        if (condition.IfAbsent && await store.FindAsync(name, cancellation).ConfigureAwait(false) is { } there)
            return new WriteResult(there.Attempt == attempt ? WriteOutcome.AlreadyMine : WriteOutcome.Anothers, there.ETag);
        byte[] buffer = [];
        BlobWriteStream target = await store.OpenWriteAsync(name, condition, attempt, cancellation).ConfigureAwait(false);
        await using (target.ConfigureAwait(false))
        {
            foreach (BlobPiece piece in pieces)
            {
                if (piece.Name is null)
                {
                    await target.WriteAsync(piece.Bytes, cancellation).ConfigureAwait(false);
                    continue;
                }
                if (buffer.Length == 0) buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
                await CopyAsync(store, piece, target, buffer, cancellation).ConfigureAwait(false);
            }
            return await target.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static async Task CopyAsync(IBlobStore store, BlobPiece piece, BlobWriteStream target, byte[] buffer, CancellationToken cancellation)
    {
        var options = new BlobReadOptions { Offset = piece.Start, IfMatch = piece.ETag };
        Stream source = await store.OpenReadAsync(piece.Name!, options, cancellation).ConfigureAwait(false);
        long copied = 0;
        await using (source.ConfigureAwait(false))
        {
            for (int read; (read = await source.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0; copied += read)
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
        }
        if (copied != piece.Length) throw new BlobSizeException(store.Location, piece.Name!, piece.Size, piece.Start + copied);
    }
}
