namespace MaskRcnn.Coco.Tests.Json;

/// <summary>A stream that gives as many bytes at a time as it is told to, and can tell or fail along the way.</summary>
internal sealed class ChunkedStream(byte[] text, Func<int> chunk, Action<int>? onRead = null) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        onRead?.Invoke(_position);
        int read = Math.Min(Math.Min(count, chunk()), text.Length - _position);
        text.AsSpan(_position, read).CopyTo(buffer.AsSpan(offset));
        _position += read;
        return read;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
