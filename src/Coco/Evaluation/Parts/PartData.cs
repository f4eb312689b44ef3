using Microsoft.Win32.SafeHandles;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>The bytes of a part, read at any place and by several threads: memory, a file, or (elsewhere) a blob.</summary>
public abstract class PartData : IDisposable
{
    /// <summary>What errors call it.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes in all.</summary>
    public abstract long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>; the range lies within the part.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Where to.</param>
    /// <exception cref="IOException">The bytes cannot be read.</exception>
    public abstract void Read(long offset, Span<byte> destination);

    /// <summary>A part in memory.</summary>
    /// <param name="bytes">The part.</param>
    /// <param name="name">What errors call it.</param>
    public static PartData FromMemory(ReadOnlyMemory<byte> bytes, string name = "part in memory") => new MemoryData(bytes, name);

    /// <summary>A part in a file, which stays open until disposed of.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static PartData FromFile(string path) => new FileData(path);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the part holds.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing) { }

    private sealed class MemoryData(ReadOnlyMemory<byte> bytes, string name) : PartData
    {
        public override string Name => name;

        public override long Length => bytes.Length;

        public override void Read(long offset, Span<byte> destination) => bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination);
    }

    private sealed class FileData : PartData
    {
        private readonly SafeFileHandle _handle;

        public FileData(string path)
        {
            Name = path;
            _handle = File.OpenHandle(path, options: FileOptions.RandomAccess);
            Length = RandomAccess.GetLength(_handle);
        }

        public override string Name { get; }

        public override long Length { get; }

        public override void Read(long offset, Span<byte> destination)
        {
            while (destination.Length > 0)
            {
                int read = RandomAccess.Read(_handle, destination, offset);
                if (read == 0) throw new EndOfStreamException($"{Name} ends at byte {offset}; it was longer when it was opened.");
                destination = destination[read..];
                offset += read;
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _handle.Dispose();
            base.Dispose(disposing);
        }
    }
}
