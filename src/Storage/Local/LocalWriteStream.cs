namespace MaskRcnn.Storage.Local;

/// <summary>A file being written, through a buffer, and committed or dropped.</summary>
internal sealed class LocalWriteStream(LocalWrite write, WriteCondition condition) : SynchronousWriteStream
{
    private const int BufferSize = 128 * 1024;

    private byte[]? _buffer;
    private int _filled;
    private long _written;
    private bool _committed;

    /// <inheritdoc/>
    public override long Length => _written + _filled;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_committed, this);
        if (_filled + buffer.Length > BufferSize) Empty();
        if (buffer.Length >= BufferSize)
        {
            write.Write(buffer, _written);
            _written += buffer.Length;
            return;
        }
        _buffer ??= new byte[BufferSize];
        buffer.CopyTo(_buffer.AsSpan(_filled));
        _filled += buffer.Length;
    }

    /// <inheritdoc/>
    public override Task<WriteResult> CommitAsync(CancellationToken cancellation) => Finished.Task(
        () =>
        {
            ObjectDisposedException.ThrowIf(_committed, this);
            Empty();
            _committed = true;
            return write.Commit(condition);
        },
        cancellation);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _committed = true;
        if (disposing) write.Dispose();
        base.Dispose(disposing);
    }

    private void Empty()
    {
        write.Write(_buffer.AsSpan(0, _filled), _written);
        _written += _filled;
        _filled = 0;
    }
}
