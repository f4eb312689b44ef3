namespace MaskRcnn.Grains.Sources.Tar;

/// <summary>
/// The headers of an archive, wherever they are, by few ranged reads: where entries are small, a read has many headers; where they
/// are large, it has one, and their data are skipped.
/// </summary>
internal sealed class TarBytes(SourceFile file)
{
    private const int Near = 4 << 20, Far = 16 << 10;

    /// <summary>Where the next header is farther than this from the last, data are skipped.</summary>
    private const int Gap = 512 << 10;

    private byte[] _window = [];
    private long _start, _last;

    /// <summary>What errors call the archive.</summary>
    public string Name => file.Shown;

    /// <summary>Its bytes.</summary>
    public long Size => file.Blob.Size;

    /// <summary>Requests so far.</summary>
    public int Reads { get; private set; }

    /// <summary>Bytes from an offset on: so many, or as many as there are.</summary>
    public ReadOnlyMemory<byte> At(long offset, int count, CancellationToken stop)
    {
        count = (int)Math.Min(count, Math.Max(0, Size - offset));
        if (count == 0) return default;
        if (offset < _start || offset + count > _start + _window.Length)
        {
            int length = Math.Max(count, offset - _last > Gap ? Far : Near);
            (_window, _start) = (file.Read(offset, (int)Math.Min(length, Size - offset), stop), offset);
            Reads++;
            if (_window.Length < count) throw new SourceException(Name, $"it ends at byte {offset + _window.Length}, and its size is {Size}. Submit it again when nobody writes it.");
        }
        _last = offset;
        return _window.AsMemory((int)(offset - _start), count);
    }
}
