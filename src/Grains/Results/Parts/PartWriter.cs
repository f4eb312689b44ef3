using System.Buffers;
using System.Security.Cryptography;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Tar;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>
/// One part while it is written: small ones are kept and put at once, which can be tried again; what is larger leaves
/// through a stream, block by block. The hash is taken of whole blocks.
/// </summary>
internal sealed class PartWriter(PatientStore store, string name) : IBufferWriter<byte>, IAsyncDisposable
{
    /// <summary>What is kept in memory of a part.</summary>
    private const int BlockBytes = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = [];
    private int _count;
    private long _sent;
    private BlobWriteStream? _stream;

    /// <summary>The blob.</summary>
    public string Name => name;

    /// <summary>Bytes so far.</summary>
    public long Length => _sent + _count;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _count));
        _count += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_count);
    }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_count));
        _count += bytes.Length;
    }

    /// <summary>Appends an archive's entry, and returns where its data begin.</summary>
    public long AppendEntry(string entry, ReadOnlySpan<byte> data)
    {
        TarHeader.Write(this, entry, data.Length);
        long start = Length;
        Append(data);
        int padding = TarHeader.Padding(data.Length);
        GetSpan(TarHeader.BlockSize)[..padding].Clear();
        Advance(padding);
        return start;
    }

    /// <summary>Sends what is buffered if it is much. To be called between entries.</summary>
    /// <exception cref="IOException">The store failed; the part cannot be finished.</exception>
    public ValueTask SpillAsync(CancellationToken cancellation) => _count < BlockBytes ? ValueTask.CompletedTask : SendAsync(cancellation);

    /// <summary>Makes the part visible; null if it is empty, which is not written.</summary>
    /// <exception cref="BlobException">Another attempt has the part, or nobody knows whether it was written.</exception>
    public async Task<PartReference?> FinishAsync(CancellationToken cancellation)
    {
        if (Length == 0) return null;
        WriteResult result;
        Exception? failure;
        if (_stream is null)
        {
            _hash.AppendData(_buffer, 0, _count);
            (result, failure) = await store.WriteAsync(name, _buffer.AsMemory(0, _count), cancellation);
        }
        else
        {
            await SendAsync(cancellation);
            (result, failure) = await store.CommitAsync(name, _stream, cancellation);
        }
        if (result is { IsMine: true, ETag: { } eTag }) return new PartReference(name, eTag, Length, Convert.ToHexStringLower(_hash.GetHashAndReset()));
        throw new BlobException(store.Store.Location, name, result.Outcome == WriteOutcome.Anothers
            ? $"another attempt than {store.Attempt} wrote it; expected ids of attempts to be random. The shard is worked on again."
            // A store that says why, such as a full disk, knows best.
            : failure is BlobException { Reason: var reason } ? $"it was tried several times; {reason}"
            : "nobody knows whether it was written, also after asking several times. The shard is worked on again.", failure);
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        byte[] buffer = _buffer;
        (_buffer, _count) = ([], 0);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        if (_stream is not null) await _stream.DisposeAsync();
        _stream = null;
    }

    private async ValueTask SendAsync(CancellationToken cancellation)
    {
        _stream ??= await store.Store.OpenWriteAsync(name, WriteCondition.Absent, store.Attempt, cancellation);
        _hash.AppendData(_buffer, 0, _count);
        // Not the asynchronous write, which of a stream that has none of its own runs on the thread pool.
        _stream.Write(_buffer.AsSpan(0, _count));
        _sent += _count;
        _count = 0;
    }

    private void Reserve(int bytes)
    {
        int needed = checked(_count + Math.Max(bytes, 1));
        if (needed <= _buffer.Length) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(4096, (int)Math.Min(2L * _buffer.Length, Array.MaxLength))));
        _buffer.AsSpan(0, _count).CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
