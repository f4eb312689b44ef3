using MaskRcnn.Storage;

namespace MaskRcnn.Chaos.Host;

/// <summary>A store that puts where it was to put if absent.</summary>
internal sealed class OverwritingStore(IBlobStore inner) : IBlobStore
{
    public string Location => inner.Location;

    public bool ComposesOnServer => inner.ComposesOnServer;

    public IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, CancellationToken cancellation) => inner.ListAsync(prefix, after, pageSize, cancellation);

    public Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation) => inner.FindAsync(name, cancellation);

    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => inner.ReadAsync(name, options, cancellation);

    public Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => inner.OpenReadAsync(name, options, cancellation);

    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        inner.WriteAsync(name, content, Always(condition), attempt, cancellation);

    public Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        inner.OpenWriteAsync(name, Always(condition), attempt, cancellation);

    public Task<WriteResult> ComposeAsync(string name, IReadOnlyList<BlobPiece> pieces, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        inner.ComposeAsync(name, pieces, Always(condition), attempt, cancellation);

    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation) => inner.DeleteAsync(name, ifMatch, cancellation);

    private static WriteCondition Always(WriteCondition condition) => condition.IfAbsent ? WriteCondition.None : condition;
}
