namespace MaskRcnn.Storage;

/// <summary>
/// A blob being written. Write to it as a stream, then <see cref="CommitAsync"/>. Disposing of it without a commit leaves
/// nothing behind that anybody sees.
/// </summary>
public abstract class BlobWriteStream : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Position { get => Length; set => throw new NotSupportedException(); }

    /// <summary>Makes the blob visible, durably, if its condition holds. At most once.</summary>
    /// <param name="cancellation">Stops it; the outcome is then unknown.</param>
    public abstract Task<WriteResult> CommitAsync(CancellationToken cancellation);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
