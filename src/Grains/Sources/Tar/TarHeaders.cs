
namespace MaskRcnn.Grains.Sources.Tar;

/// <summary>
/// The entries of an archive, of which only headers are read: USTAR, PAX, and GNU's long names. What it does not know for certain it
/// refuses: an image that is passed over in silence is worse than an error.
/// </summary>
internal sealed class TarHeaders(TarBytes bytes)
{
    /// <summary>Bytes of the largest header of PAX or long name.</summary>
    private const int MostHeader = 1 << 20;

    /// <summary>How far behind its end an archive is looked at for another. GNU tar fills up with zeros to 10 KB.</summary>
    private const int AfterEnd = 64 << 10;

    private static readonly (byte[] Magic, string Name, string Tool)[] Compressions =
    [
        ([0x1F, 0x8B], "gzip", "gunzip"), ([0x42, 0x5A, 0x68], "bzip2", "bunzip2"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz", "unxz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd", "unzstd"), ([0x04, 0x22, 0x4D, 0x18], "lz4", "unlz4"), ([0x50, 0x4B, 0x03, 0x04], "zip", "unzip"),
    ];

    private string? _longName;
    private PaxRecords _pax;

    /// <summary>Looks whether it begins as an archive does.</summary>
    /// <exception cref="SourceException">It does not.</exception>
    public void CheckStart(CancellationToken stop) => Header(0, stop);

    /// <summary>Files, links and devices in the order of the archive; not folders.</summary>
    /// <exception cref="SourceException">It is no archive, is cut off, or has what cannot be read here.</exception>
    public IEnumerable<TarMember> Entries(CancellationToken stop)
    {
        for (long at = 0; ;)
        {
            stop.ThrowIfCancellationRequested();
            ReadOnlyMemory<byte> block = Header(at, stop);
            if (block.IsEmpty)
            {
                CheckEnd(at, stop);
                yield break;
            }
            (char type, long size) = (TarFields.Type(block.Span), Size(at, block.Span));
            long data = at + TarFields.BlockSize;
            if (type is 'x' or 'X' or 'g' or 'L' or 'K')
            {
                CheckWhole(at, data, size);
                Describe(type, at, data, size, block.Span, stop);
            }
            else
            {
                TarMember? entry = Entry(type, at, data, ref size, block.Span);
                CheckWhole(at, data, size);
                if (entry is { } found) yield return found;
                (_longName, _pax) = (null, default);
            }
            at = data + (size + TarFields.BlockSize - 1) / TarFields.BlockSize * TarFields.BlockSize;
        }
    }

    /// <returns>The block; empty where the archive ends.</returns>
    private ReadOnlyMemory<byte> Header(long at, CancellationToken stop)
    {
        ReadOnlyMemory<byte> block = bytes.At(at, TarFields.BlockSize, stop);
        if (at == 0)
        {
            foreach ((byte[] magic, string name, string tool) in Compressions)
            {
                if (block.Span.StartsWith(magic))
                    throw Fault($"it is compressed ({name}); expected a plain tar archive, as images are read out of its middle. Decompress it ('{tool}'), and give the {(name == "zip" ? "folder" : ".tar")}");
            }
        }
        if (block.Length < TarFields.BlockSize) throw Fault($"it is cut off: it ends at byte {bytes.Size}, without the blocks of zeros that end an archive. Copy it again");
        if (!block.Span.ContainsAnyExcept((byte)0)) return default;
        if (!TarFields.HasChecksum(block.Span)) throw Fault(at == 0 ? "it is no tar archive: its first header is none" : $"at byte {at} there is no header of an entry; it is damaged, or was not written as an archive. Check it with 'tar -t'");
        return block;
    }

    private long Size(long at, ReadOnlySpan<byte> header)
    {
        // Links have none, whatever their header says.
        if (TarFields.Type(header) is >= '1' and <= '6') return 0;
        return TarFields.Size(header) ?? throw Fault($"the header at byte {at} has a size that is no number. Check the archive with 'tar -t'");
    }

    private void Describe(char type, long at, long data, long size, ReadOnlySpan<byte> header, CancellationToken stop)
    {
        if (type == 'K') return;
        if (size > MostHeader) throw Fault($"the header at byte {at} is continued by {size} bytes; expected at most {MostHeader}");
        ReadOnlySpan<byte> text = bytes.At(data, (int)size, stop).Span;
        if (type == 'L')
        {
            _longName = TarFields.Text(text) ?? throw NotUtf8(at);
            return;
        }
        PaxRecords pax = PaxRecords.Parse(text) ?? throw Fault($"the PAX header at byte {at} cannot be read; expected 'length key=value' in UTF-8. Write the archive again, by 'tar --format=pax'");
        if (type != 'g')
        {
            _pax = pax;
            return;
        }
        if (pax != default) throw Fault($"the PAX header at byte {at} gives all entries one name or size; expected headers of single entries. Write the archive again, by 'tar --format=pax'");
    }

    private TarMember? Entry(char type, long at, long data, ref long size, ReadOnlySpan<byte> header)
    {
        if (type == 'S' || _pax.IsSparse) throw Fault($"the entry at byte {at} is sparse; expected whole files. Write the archive again, without 'tar --sparse'");
        if (type == 'M') throw Fault($"the entry at byte {at} is continued from another volume; expected an archive in one file");
        bool isFile = type is '0' or '\0' or '7';
        if (isFile && _pax.Size is { } large) size = large;
        // Volume labels, incremental dumps and what vendors have thought of have no images.
        if (!isFile && type is not ('1' or '2' or '3' or '4' or '6')) return null;
        string name = _pax.Path ?? _longName ?? TarFields.Name(header) ?? throw NotUtf8(at);
        // Before there was a type for folders they had a slash.
        return name.EndsWith('/') ? null : new TarMember(name, at, data, isFile ? size : 0, isFile);
    }

    private void CheckWhole(long at, long data, long size)
    {
        if (size > bytes.Size - data) throw Fault($"it is cut off: the entry at byte {at} has {size} bytes, and {Math.Max(0, bytes.Size - data)} are left. Copy it again");
    }

    private void CheckEnd(long at, CancellationToken stop)
    {
        if (_longName is not null || _pax != default) throw Fault($"it ends at byte {at} after the header of an entry that is not there. Copy it again");
        if (bytes.At(at, AfterEnd, stop).Span.ContainsAnyExcept((byte)0))
            throw Fault($"it ends at byte {at}, and something comes after that; expected one archive. Put several together with 'tar --concatenate'");
    }

    private SourceException NotUtf8(long at) =>
        Fault($"the entry at byte {at} has a name that is not UTF-8; expected UTF-8. Write the archive again where names are, by 'tar --format=pax'");

    private SourceException Fault(string what) => new(bytes.Name, what + ".");
}
