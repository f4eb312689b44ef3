using System.Buffers;
using System.Globalization;
using System.Text;
using MaskRcnn.Grains.Results.Tar;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>Finds where entries begin in a run of tar entries that comes in blocks of any size.</summary>
internal sealed class TarEntries
{
    private const int Block = TarHeader.BlockSize;
    private const int MostHeaderBytes = 1 << 20;

    private readonly ArrayBufferWriter<byte> _headers = new(Block);
    private ReadOnlyMemory<byte> _content;
    private int _headerLeft = Block;
    private long _contentLeft;
    private bool _isExtended;

    /// <summary>After <see cref="Take"/>: all bytes of the entry whose headers have just become whole, or null.</summary>
    public long? NewEntryBytes { get; private set; }

    /// <summary>Takes some of the bytes, at least one.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="ReductionException">These are not tar entries.</exception>
    public int Take(ReadOnlyMemory<byte> bytes, string name)
    {
        NewEntryBytes = null;
        _content = default;
        if (_headerLeft == 0 && !_isExtended)
        {
            int content = (int)Math.Min(bytes.Length, _contentLeft);
            _content = bytes[..content];
            _contentLeft -= content;
            if (_contentLeft == 0) _headerLeft = Block;
            return content;
        }
        // Extended headers (a long name) come before the entry's own, and belong to the same pack.
        int taken = (int)Math.Min(bytes.Length, _headerLeft > 0 ? _headerLeft : _contentLeft);
        _headers.Write(bytes.Span[..taken]);
        if (_headerLeft == 0)
        {
            _contentLeft -= taken;
            if (_contentLeft == 0) (_headerLeft, _isExtended) = (Block, false);
            return taken;
        }
        _headerLeft -= taken;
        if (_headerLeft == 0) ReadHeader(_headers.WrittenSpan[^Block..], name);
        return taken;
    }

    /// <summary>Writes what was taken, once it is known where it belongs.</summary>
    public void PassTo(Stream? pack)
    {
        if (NewEntryBytes is not null)
        {
            pack!.Write(_headers.WrittenSpan);
            _headers.ResetWrittenCount();
        }
        if (!_content.IsEmpty) pack!.Write(_content.Span);
    }

    /// <summary>The part has ended.</summary>
    /// <exception cref="ReductionException">Within an entry.</exception>
    public void CheckEnd(string name)
    {
        if (_headerLeft != Block || _headers.WrittenCount > 0) throw new ReductionException($"{name} ends within an entry; expected whole tar entries.");
    }

    private void ReadHeader(ReadOnlySpan<byte> header, string name)
    {
        string size = Encoding.ASCII.GetString(header.Slice(124, 12)).Trim('\0', ' ');
        if (!header.Slice(257, 5).SequenceEqual("ustar"u8) || !TryOctal(size, out long length))
            throw new ReductionException($"{name} holds what is no tar header (size '{string.Concat(size.Where(char.IsAsciiLetterOrDigit))}'); expected USTAR or PAX entries without the end of an archive.");
        _contentLeft = length + TarHeader.Padding(length);
        _isExtended = header[156] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K';
        if (_isExtended)
        {
            if (_headers.WrittenCount + _contentLeft > MostHeaderBytes) throw new ReductionException($"{name} has a header of more than {MostHeaderBytes.ToString(CultureInfo.InvariantCulture)} bytes.");
            if (_contentLeft == 0) (_headerLeft, _isExtended) = (Block, false);
            return;
        }
        NewEntryBytes = _headers.WrittenCount + _contentLeft;
        if (_contentLeft == 0) _headerLeft = Block;
    }

    private static bool TryOctal(string text, out long value)
    {
        value = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '7') return false;
            value = 8 * value + (digit - '0');
        }
        return text.Length is > 0 and < 12;
    }
}
