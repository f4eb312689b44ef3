using Microsoft.Win32.SafeHandles;

namespace MaskRcnn.Detection.Weights.Bytes;

/// <summary>The bytes of an open file.</summary>
internal sealed class FileBytes : ByteSource, IDisposable
{
    private readonly SafeFileHandle _handle;

    private FileBytes(string path, SafeFileHandle handle, long length) => (Path, _handle, Length) = (path, handle, length);

    public override string Path { get; }

    public override long Length { get; }

    /// <exception cref="WeightFileException">The path is no file with a length, such as a pipe.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static FileBytes Open(string path)
    {
        SafeFileHandle handle = File.OpenHandle(path);
        try
        {
            return new FileBytes(path, handle, RandomAccess.GetLength(handle));
        }
        catch (NotSupportedException exception)
        {
            handle.Dispose();
            throw new WeightFileException(path, "weights are read from a file, not from a pipe or a device. Write them to a file first.", exception);
        }
    }

    public override void Read(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
            {
                throw new WeightFileException(
                    Path,
                    $"the file ends at byte {offset}, where {destination.Length} more were expected. It is cut off, or was changed while it was read.");
            }
            offset += read;
            destination = destination[read..];
        }
    }

    public void Dispose() => _handle.Dispose();
}
