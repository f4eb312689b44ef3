using System.Text;

namespace MaskRcnn.Grains.Sources.Sorting;

/// <summary>Items in order in a temporary file without a name, so that it vanishes with the process, however that ends.</summary>
internal sealed class SortedRun<T> : IDisposable
{
    private const int WriteBuffer = 1 << 20, ReadBuffer = 1 << 15;

    private readonly ISortForm<T> _form;
    private readonly FileStream _file;
    private readonly long _count;

    /// <summary>Writes items down.</summary>
    /// <param name="form">Their bytes.</param>
    /// <param name="items">The items in order.</param>
    public SortedRun(ISortForm<T> form, IEnumerable<T> items)
    {
        _form = form;
        string path = Path.Combine(Path.GetTempPath(), $"maskrcnn-{Guid.NewGuid():N}.sort");
        _file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = WriteBuffer });
        File.Delete(path);
        try
        {
            using var writer = new BinaryWriter(_file, Encoding.UTF8, leaveOpen: true);
            foreach (T item in items)
            {
                form.Write(writer, item);
                _count++;
            }
            writer.Flush();
            _file.Flush();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The items; may be enumerated again, also at the same time.</summary>
    public IEnumerable<T> Read()
    {
        using var reader = new BinaryReader(new BufferedStream(new WholeFile(_file), ReadBuffer), Encoding.UTF8);
        for (long i = 0; i < _count; i++) yield return _form.Read(reader);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>A reader of the file with a place of its own.</summary>
    private sealed class WholeFile(FileStream file) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => file.Length;

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int read = RandomAccess.Read(file.SafeFileHandle, buffer, _position);
            _position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
