using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Partitions;

/// <summary>A store that ignores conditions: put-if-absent is put. To show that tests would find it.</summary>
internal sealed class UnconditionalStore : IBlobStore
{
    private readonly MemoryBlobStore _store = new();

    public string Location => _store.Location;

    public IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, CancellationToken cancellation) => _store.ListAsync(prefix, after, pageSize, cancellation);

    public Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation) => _store.FindAsync(name, cancellation);

    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => _store.ReadAsync(name, options, cancellation);

    public Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => _store.OpenReadAsync(name, options, cancellation);

    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        _store.WriteAsync(name, content, WriteCondition.None, attempt, cancellation);

    public Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        _store.OpenWriteAsync(name, WriteCondition.None, attempt, cancellation);

    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation) => _store.DeleteAsync(name, null, cancellation);
}
