using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace MaskRcnn.Storage.Memory;

/// <summary>Blobs in memory, for tests.</summary>
public sealed class MemoryBlobStore : IBlobStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Blob> _blobs = new(StringComparer.Ordinal);
    private ImmutableSortedSet<string> _names = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
    private long _version;

    /// <inheritdoc/>
    public string Location => "memory:";

    /// <summary>False; true to be taken for a service that composes by itself.</summary>
    public bool ComposesOnServer { get; init; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        BlobName.CheckPrefix(Location, prefix);
        await Task.CompletedTask;
        string? last = after?.Name;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            List<BlobInfo> page = Page(prefix, last, pageSize);
            if (page.Count == 0) yield break;
            last = page[^1].Name;
            yield return new BlobPage(page, new ListPosition(last));
        }
    }

    /// <inheritdoc/>
    public Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation) => Finished.Task(
        () =>
        {
            BlobName.Check(Location, name);
            lock (_lock) return _blobs.TryGetValue(name, out Blob? blob) ? new BlobInfo(name, blob.Data.Length, blob.ETag) { Attempt = blob.Attempt } : null;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => Finished.Task(
        () =>
        {
            Blob blob = Get(name, options);
            (long start, long length) = BlobRange.Of(options, blob.Data.Length);
            return new BlobContent(blob.Data.AsSpan((int)start, (int)length).ToArray(), blob.ETag);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => Finished.Task<Stream>(
        () =>
        {
            Blob blob = Get(name, options);
            (long start, long length) = BlobRange.Of(options, blob.Data.Length);
            return new MemoryStream(blob.Data, (int)start, (int)length, writable: false);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        Finished.Task(
            () =>
            {
                BlobName.Check(Location, name);
                AttemptId.Check(attempt);
                return Write(name, content.ToArray(), condition, attempt);
            },
            cancellation);

    /// <inheritdoc/>
    public Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        Finished.Task<BlobWriteStream>(
            () =>
            {
                BlobName.Check(Location, name);
                AttemptId.Check(attempt);
                return new MemoryWriteStream(data => Write(name, data, condition, attempt));
            },
            cancellation);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation) => Finished.Task(
        () =>
        {
            BlobName.Check(Location, name);
            lock (_lock)
            {
                if (ifMatch is not null && _blobs.TryGetValue(name, out Blob? blob) && blob.ETag != ifMatch) throw new BlobChangedException(Location, name, ifMatch, blob.ETag);
                _names = _names.Remove(name);
                return _blobs.Remove(name);
            }
        },
        cancellation);

    private List<BlobInfo> Page(string prefix, string? last, int pageSize)
    {
        var page = new List<BlobInfo>();
        lock (_lock)
        {
            // The first name that is not before the prefix and is after the last one.
            string from = last is not null && string.CompareOrdinal(last, prefix) >= 0 ? last : prefix;
            int next = _names.IndexOf(from);
            next = next < 0 ? ~next : next + (from == last ? 1 : 0);
            for (; page.Count < pageSize && next < _names.Count && _names[next].StartsWith(prefix, StringComparison.Ordinal); next++)
            {
                string name = _names[next];
                if (!BlobName.IsHidden(name)) page.Add(new BlobInfo(name, _blobs[name].Data.Length, _blobs[name].ETag));
            }
        }
        return page;
    }

    private Blob Get(string name, BlobReadOptions? options)
    {
        BlobName.Check(Location, name);
        Blob? blob;
        lock (_lock) _blobs.TryGetValue(name, out blob);
        if (blob is null) throw new BlobNotFoundException(Location, name);
        return options?.IfMatch is { } expected && expected != blob.ETag ? throw new BlobChangedException(Location, name, expected, blob.ETag) : blob;
    }

    private WriteResult Write(string name, byte[] data, WriteCondition condition, string attempt)
    {
        lock (_lock)
        {
            Blob? blob = _blobs.GetValueOrDefault(name);
            if ((condition.IfAbsent && blob is not null) || (condition.IfMatch is { } expected && expected != blob?.ETag))
                return new WriteResult(blob is not null && blob.Attempt == attempt ? WriteOutcome.AlreadyMine : WriteOutcome.Anothers, blob?.ETag);
            string eTag = (++_version).ToString(CultureInfo.InvariantCulture);
            _blobs[name] = new Blob(data, eTag, attempt);
            _names = _names.Add(name);
            return new WriteResult(WriteOutcome.Written, eTag);
        }
    }

    private sealed record Blob(byte[] Data, string ETag, string Attempt);
}
