using MaskRcnn.Storage;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>A place in the protocol: an operation on a blob, before it is done or after.</summary>
internal readonly record struct StoreStep(string Silo, string Operation, string Name, bool After);

/// <summary>A silo's store that asks at every write whether to wait: a silo can be killed exactly there, and write on as a zombie.</summary>
internal sealed class StoreHook(IBlobStore inner, string silo, Func<StoreStep, Task> hook) : IBlobStore
{
    public string Location => inner.Location;

    public IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, CancellationToken cancellation) => inner.ListAsync(prefix, after, pageSize, cancellation);

    public Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation) => inner.FindAsync(name, cancellation);

    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => inner.ReadAsync(name, options, cancellation);

    public Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => inner.OpenReadAsync(name, options, cancellation);

    public async Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation)
    {
        await hook(new StoreStep(silo, "write", name, After: false));
        WriteResult result = await inner.WriteAsync(name, content, condition, attempt, cancellation);
        await hook(new StoreStep(silo, "write", name, After: true));
        return result;
    }

    public async Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation)
    {
        await hook(new StoreStep(silo, "write", name, After: false));
        return await inner.OpenWriteAsync(name, condition, attempt, cancellation);
    }

    public async Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation)
    {
        await hook(new StoreStep(silo, "delete", name, After: false));
        await inner.DeleteAsync(name, ifMatch, cancellation);
    }
}
