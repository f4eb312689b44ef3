using System.Globalization;
using System.Runtime.CompilerServices;

namespace MaskRcnn.Storage.Memory;

/// <summary>Blobs in memory, for tests.</summary>
public sealed class MemoryBlobStore : IBlobStore
{
    private readonly SortedDictionary<string, (byte[] Data, string ETag, string Attempt)> _blobs = new(StringComparer.Ordinal);
    private long _version;

    /// <inheritdoc/>
    public string Location => "memory:";

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        await Task.CompletedTask;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            BlobInfo[] page;
            lock (_blobs)
            {
                page = [.. _blobs.Where(b => b.Key.StartsWith(prefix, StringComparison.Ordinal) && (after is null || string.CompareOrdinal(b.Key, after.Name) > 0))
                    .Take(pageSize).Select(b => new BlobInfo(b.Key, b.Value.Data.Length, b.Value.ETag))];
            }
            if (page.Length == 0) yield break;
            after = new ListPosition(page[^1].Name);
            yield return new BlobPage(page, after);
        }
    }

    /// <inheritdoc/>
    public Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation)
    {
        lock (_blobs)
            return Task.FromResult(_blobs.TryGetValue(name, out var blob) ? new BlobInfo(name, blob.Data.Length, blob.ETag) { Attempt = blob.Attempt } : null);
    }

    /// <inheritdoc/>
    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation)
    {
        try
        {
            lock (_blobs)
            {
                if (!_blobs.TryGetValue(name, out var blob)) throw new BlobNotFoundException(Location, name);
                if (options?.IfMatch is { } expected && expected != blob.ETag) throw new BlobChangedException(Location, name, expected, blob.ETag);
                int start = (int)Math.Min(options?.Offset ?? 0, blob.Data.Length);
                int length = (int)Math.Min(options?.Length ?? long.MaxValue, blob.Data.Length - start);
                return Task.FromResult(new BlobContent(blob.Data.AsSpan(start, length).ToArray(), blob.ETag));
            }
        }
        catch (BlobException exception)
        {
            return Task.FromException<BlobContent>(exception);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) =>
        new MemoryStream((await ReadAsync(name, options, cancellation)).Data, writable: false);

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation)
    {
        lock (_blobs)
        {
            bool exists = _blobs.TryGetValue(name, out var blob);
            if ((condition.IfAbsent && exists) || (condition.IfMatch is { } expected && (!exists || expected != blob.ETag)))
                return Task.FromResult(new WriteResult(exists && blob.Attempt == attempt ? WriteOutcome.AlreadyMine : WriteOutcome.Anothers, exists ? blob.ETag : null));
            string eTag = (++_version).ToString(CultureInfo.InvariantCulture);
            _blobs[name] = (content.ToArray(), eTag, attempt);
            return Task.FromResult(new WriteResult(WriteOutcome.Written, eTag));
        }
    }

    /// <inheritdoc/>
    public Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        Task.FromResult<BlobWriteStream>(new Writer(this, name, condition, attempt));

    /// <inheritdoc/>
    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation)
    {
        lock (_blobs)
        {
            if (ifMatch is not null && _blobs.TryGetValue(name, out var blob) && blob.ETag != ifMatch)
                return Task.FromException(new BlobChangedException(Location, name, ifMatch, blob.ETag));
            _blobs.Remove(name);
        }
        return Task.CompletedTask;
    }

    private sealed class Writer(MemoryBlobStore store, string name, WriteCondition condition, string attempt) : BlobWriteStream
    {
        private readonly MemoryStream _data = new();

        public override long Length => _data.Length;

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => _data.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => _data.Write(buffer);

        public override Task<WriteResult> CommitAsync(CancellationToken cancellation) => store.WriteAsync(name, _data.ToArray(), condition, attempt, cancellation);
    }
}
