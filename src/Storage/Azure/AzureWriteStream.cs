using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MaskRcnn.Storage.Azure;

/// <summary>
/// A blob sent in blocks and committed at the end. Writers of one name share its uncommitted blocks: so a block's id holds
/// (a hash of) the attempt and a random number of this stream, and all ids have one length, as the service demands.
/// </summary>
internal sealed class AzureWriteStream : BlobWriteStream
{
    /// <summary>Size of the first blocks.</summary>
    public const int FirstBlockSize = 4 << 20;

    /// <summary>The size doubles after so many blocks: 50 000 of them, the most of a blob, then hold 15 TB.</summary>
    public const int BlocksOfASize = 5000;

    private const int MostDoublings = 8;
    private const int AttemptBytes = 12;
    private const int StreamBytes = 8;

    private readonly AzureWrites _writes;
    private readonly byte[] _id = new byte[AttemptBytes + StreamBytes + sizeof(int)];
    private readonly List<string> _blocks = [];
    private byte[] _buffer = [];
    private int _filled;
    private long _sent;
    private bool _ended;

    public AzureWriteStream(AzureWrites writes, string attempt)
    {
        _writes = writes;
        SHA256.HashData(Encoding.UTF8.GetBytes(attempt)).AsSpan(0, AttemptBytes).CopyTo(_id);
        RandomNumberGenerator.Fill(_id.AsSpan(AttemptBytes, StreamBytes));
    }

    /// <inheritdoc/>
    public override long Length => _sent + _filled;

    /// <summary>Bytes of the n-th block.</summary>
    public static int BlockSize(int block) => FirstBlockSize << Math.Min(block / BlocksOfASize, MostDoublings);

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        while (!buffer.IsEmpty)
        {
            int size = BlockSize(_blocks.Count);
            if (_filled == size) await SendAsync(cancellationToken);
            size = BlockSize(_blocks.Count);
            int count = Math.Min(buffer.Length, size - _filled);
            Grow(_filled + count, size);
            buffer.Span[..count].CopyTo(_buffer.AsSpan(_filled));
            _filled += count;
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async Task<WriteResult> CommitAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        cancellation.ThrowIfCancellationRequested();
        _ended = true;
        // What fits into one block is one request.
        if (_blocks.Count == 0) return await _writes.PutAsync(_buffer.AsMemory(0, _filled), cancellation);
        if (_filled > 0) await SendAsync(cancellation);
        return await _writes.CommitAsync(_blocks, cancellation);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Blocks that are not committed cost nothing and are dropped by the service after a week.</summary>
    protected override void Dispose(bool disposing)
    {
        (_ended, _buffer) = (true, []);
        base.Dispose(disposing);
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        BinaryPrimitives.WriteInt32BigEndian(_id.AsSpan(AttemptBytes + StreamBytes), _blocks.Count);
        string block = Convert.ToBase64String(_id);
        await _writes.StageAsync(block, _buffer, _filled, cancellation);
        _blocks.Add(block);
        _sent += _filled;
        _filled = 0;
    }

    private void Grow(int needed, int most)
    {
        if (needed > _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(most, Math.Max(needed, 2L * Math.Max(_buffer.Length, 64 * 1024))));
    }
}
