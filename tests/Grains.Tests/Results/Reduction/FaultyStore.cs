using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

/// <summary>A store that fails at its n-th operation and ever after, as if the process had been killed there.</summary>
internal sealed class FaultyStore(IBlobStore store, int operations, bool afterTheFact = false) : IBlobStore
{
    private int _left = operations;

    public bool HasFailed { get; private set; }

    public string Location => store.Location;

    /// <summary>It then composes by the operations below, and may fail at each.</summary>
    public bool ComposesOnServer => store.ComposesOnServer;

    public IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, CancellationToken cancellation)
    {
        Count();
        return store.ListAsync(prefix, after, pageSize, cancellation);
    }

    public Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation) => Do(() => store.FindAsync(name, cancellation));

    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => Do(() => store.ReadAsync(name, options, cancellation));

    public Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => Do(() => store.OpenReadAsync(name, options, cancellation));

    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        Do(() => store.WriteAsync(name, content, condition, attempt, cancellation));

    public async Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        new Writer(this, await Do(() => store.OpenWriteAsync(name, condition, attempt, cancellation)));

    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation) => Do(async () =>
    {
        await store.DeleteAsync(name, ifMatch, cancellation);
        return true;
    });

    private Task<T> Do<T>(Func<Task<T>> operation)
    {
        bool fails = Fails();
        if (!fails) return operation();
        // A crash may come after the store has done it and before the answer.
        if (afterTheFact) operation();
        return Task.FromException<T>(Killed());
    }

    private void Count()
    {
        if (Fails()) throw Killed();
    }

    private bool Fails() => HasFailed |= Interlocked.Decrement(ref _left) < 0;

    private static IOException Killed() => new("killed");

    private sealed class Writer(FaultyStore faulty, BlobWriteStream stream) : BlobWriteStream
    {
        public override long Length => stream.Length;

        public override void Flush() => stream.Flush();

        public override void Write(byte[] buffer, int offset, int count) => stream.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => stream.Write(buffer);

        public override Task<WriteResult> CommitAsync(CancellationToken cancellation) => faulty.Do(() => stream.CommitAsync(cancellation));
    }
}
