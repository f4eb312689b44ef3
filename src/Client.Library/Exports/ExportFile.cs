using System.Security.Cryptography;
using MaskRcnn.Storage;

namespace MaskRcnn.Client.Exports;

/// <summary>A large file of an export that is being written; without <see cref="CommitAsync"/> nothing is left of it.</summary>
/// <param name="output">Where it belongs.</param>
/// <param name="name">Its name there.</param>
/// <param name="blob">Where its bytes go; null: they are compared with those that are there.</param>
internal sealed class ExportFile(ExportOutput output, string name, BlobWriteStream? blob) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position { get => _length; set => throw new NotSupportedException(); }

    /// <summary>Makes the file visible. At most once.</summary>
    /// <exception cref="ExportExistsException">Another is there.</exception>
    public Task CommitAsync(CancellationToken cancellation) => output.CommitAsync(name, blob, _length, _hash.GetHashAndReset(), cancellation);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Take(buffer);
        blob?.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Take(buffer.Span);
        return blob?.WriteAsync(buffer, cancellationToken) ?? ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // What is flushed is not seen before the commit either, and a flush may be a request.
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            blob?.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        _length += buffer.Length;
    }
}
