namespace MaskRcnn.Storage.S3;

/// <summary>A download that goes on after a broken connection, with the same version.</summary>
/// <param name="first">The bytes that come now.</param>
/// <param name="reopen">Opens the same bytes from a position on.</param>
internal sealed class S3ReadStream(S3Body first, Func<long, CancellationToken, Task<S3Body>> reopen) : Stream
{
    /// <summary>Connections that break one after the other, with nothing read between.</summary>
    private const int MostBreaks = 4;

    private S3Body _body = first;
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length { get; } = first.Length;

    /// <inheritdoc/>
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _position == Length) return 0;
        for (int breaks = 0; ; breaks++)
        {
            try
            {
                int read = await _body.ReadAsync(buffer, cancellationToken);
                if (read == 0) throw new EndOfStreamException($"{Length - _position} bytes are missing.");
                _position += read;
                return read;
            }
            catch (Exception exception) when (breaks < MostBreaks && S3Errors.MayPass(exception, cancellationToken))
            {
                _body.Dispose();
                _body = await reopen(_position, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _body.Dispose();
        base.Dispose(disposing);
    }
}
