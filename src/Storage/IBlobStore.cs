namespace MaskRcnn.Storage;

/// <summary>
/// Blobs below one root: a folder, a container's prefix, or memory. Names are relative, with <c>/</c>, and never leave the
/// root. All methods may be called from many threads. Local and memory stores do their work on the calling thread and
/// return finished tasks.
/// </summary>
public interface IBlobStore
{
    /// <summary>The root as a URI or path that <see cref="BlobStores.Open"/> takes, without secrets.</summary>
    string Location { get; }

    /// <summary>Lists blobs in ordinal order of their names (<see cref="StringComparer.Ordinal"/>), by page.</summary>
    /// <param name="prefix">Only names that begin with this; empty for all.</param>
    /// <param name="after">Where an earlier listing stopped: only names after it. Null to begin.</param>
    /// <param name="pageSize">Most blobs of a page, at least 1. Pages may be shorter; none is empty.</param>
    /// <param name="cancellation">Stops the listing.</param>
    IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, CancellationToken cancellation);

    /// <summary>What is known of a blob without reading it, or null when there is none.</summary>
    Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>Reads a blob, or a range of it, whole into memory.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="options">Range and condition; null for the whole blob as it is.</param>
    /// <param name="cancellation">Stops the read.</param>
    /// <exception cref="BlobNotFoundException">There is no such blob.</exception>
    /// <exception cref="BlobChangedException">Its ETag is not the one that was asked for.</exception>
    Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation);

    /// <summary>Opens a blob for reading from its start (or <see cref="BlobReadOptions.Offset"/>); for blobs too large for memory.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation);

    /// <summary>Writes a small blob: whole or not at all, and durable when this returns.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="condition">When it may be written.</param>
    /// <param name="attempt">Whose write this is: goes into the blob's metadata, so that a writer whose answer was lost finds its own write.</param>
    /// <param name="cancellation">Stops the write; its outcome is then unknown.</param>
    /// <returns>How it ended. Never throws for a condition that does not hold.</returns>
    Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation);

    /// <summary>Begins a blob of any size: nothing is visible until it is committed, all is then.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation);

    /// <summary>Whether <see cref="ComposeAsync"/> is done by the service: no byte of the pieces passes through this process.</summary>
    bool ComposesOnServer => false;

    /// <summary>
    /// Writes a blob of pieces, one after the other: whole or not at all, and durable when this returns. Its attempt and
    /// condition are as those of other writes; a call that was cut off may be repeated, and goes on where it stopped if the
    /// service has kept what it had.
    /// </summary>
    /// <param name="name">The blob.</param>
    /// <param name="pieces">The pieces in their order; each blob must be of the version and size that its piece says.</param>
    /// <param name="condition">When it may be written.</param>
    /// <param name="attempt">Whose write this is.</param>
    /// <param name="cancellation">Stops it; its outcome is then unknown.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="BlobNotFoundException">A piece's blob is gone; the exception names it.</exception>
    /// <exception cref="BlobChangedException">A piece's blob is another version; the exception names it.</exception>
    /// <exception cref="BlobSizeException">A piece has another size; the exception names it.</exception>
    Task<WriteResult> ComposeAsync(string name, IReadOnlyList<BlobPiece> pieces, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        Concatenation.RunAsync(this, name, pieces, condition, attempt, cancellation);

    /// <summary>What time it is by the service's clock; null: it has none that it tells.</summary>
    /// <param name="cancellation">Stops the question.</param>
    Task<DateTimeOffset?> AskTimeAsync(CancellationToken cancellation) => Task.FromResult<DateTimeOffset?>(null);

    /// <summary>Deletes a blob. One that is not there is deleted already.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="ifMatch">Only the version with this ETag; null for any.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="BlobChangedException">It has another ETag.</exception>
    Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation);
}
