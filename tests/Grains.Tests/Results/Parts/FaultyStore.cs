using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Tests.Results.Parts;

/// <summary>A store that fails as told: before each write <see cref="Before"/> and after it <see cref="After"/> may throw or say how it ended.</summary>
internal sealed class FaultyStore(IBlobStore store) : IBlobStore
{
    public Func<string, WriteOutcome?> Before { get; set; } = _ => null;

    public Func<string, WriteOutcome?> After { get; set; } = _ => null;

    public Action<string> OnFind { get; set; } = _ => { };

    public Action<string> OnDelete { get; set; } = _ => { };

    public int Streams { get; private set; }

    public string Location => store.Location;

    public IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, CancellationToken cancellation) => store.ListAsync(prefix, after, pageSize, cancellation);

    public Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation)
    {
        OnFind(name);
        return store.FindAsync(name, cancellation);
    }

    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => store.ReadAsync(name, options, cancellation);

    public Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => store.OpenReadAsync(name, options, cancellation);

    public async Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation)
    {
        if (Before(name) is { } before) return new WriteResult(before, null);
        WriteResult result = await store.WriteAsync(name, content, condition, attempt, cancellation);
        return After(name) is { } after ? new WriteResult(after, null) : result;
    }

    public async Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation)
    {
        Streams++;
        return new Writer(this, name, await store.OpenWriteAsync(name, condition, attempt, cancellation));
    }

    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation)
    {
        OnDelete(name);
        return store.DeleteAsync(name, ifMatch, cancellation);
    }

    private sealed class Writer(FaultyStore faults, string name, BlobWriteStream inner) : BlobWriteStream
    {
        public override long Length => inner.Length;

        public override void Flush() => inner.Flush();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

        public override async Task<WriteResult> CommitAsync(CancellationToken cancellation)
        {
            if (faults.Before(name) is { } before) return new WriteResult(before, null);
            WriteResult result = await inner.CommitAsync(cancellation);
            return faults.After(name) is { } after ? new WriteResult(after, null) : result;
        }
    }
}
