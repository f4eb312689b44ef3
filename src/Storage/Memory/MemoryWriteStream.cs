namespace MaskRcnn.Storage.Memory;

/// <summary>A blob being written in memory.</summary>
internal sealed class MemoryWriteStream(Func<byte[], WriteResult> commit) : SynchronousWriteStream
{
    private readonly MemoryStream _data = new();
    private bool _ended;

    /// <inheritdoc/>
    public override long Length => _data.Length;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        _data.Write(buffer);
    }

    /// <inheritdoc/>
    public override Task<WriteResult> CommitAsync(CancellationToken cancellation) => Finished.Task(
        () =>
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            _ended = true;
            return commit(_data.ToArray());
        },
        cancellation);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _ended = true;
        base.Dispose(disposing);
    }
}
