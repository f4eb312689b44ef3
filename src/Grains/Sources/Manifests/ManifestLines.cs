namespace MaskRcnn.Grains.Sources.Manifests;

/// <summary>The lines of a file, without holding more of it than one.</summary>
/// <param name="file">What errors call the file.</param>
/// <param name="stream">Its bytes.</param>
internal sealed class ManifestLines(string file, Stream stream)
{
    /// <summary>Bytes of the longest line.</summary>
    public const int MostBytes = 1 << 16;

    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    /// <summary>Lines with their numbers, from 1, without their ends (LF or CR LF). A line's bytes are good until the next is asked for.</summary>
    /// <exception cref="SourceException">A line is too long, or this is no text in UTF-8.</exception>
    public IEnumerable<(long Number, ReadOnlyMemory<byte> Bytes)> Read()
    {
        byte[] buffer = new byte[4 * MostBytes];
        int start = 0, end = Fill(buffer, 0);
        CheckMarks(buffer.AsSpan(0, end));
        if (buffer.AsSpan(0, end).StartsWith(Utf8Mark)) start = Utf8Mark.Length;
        for (long number = 1; ; number++)
        {
            int length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length < 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                end += Fill(buffer, end);
                length = buffer.AsSpan(0, end).IndexOf((byte)'\n');
            }
            bool isLast = length < 0;
            if (isLast) length = end - start;
            if (length > MostBytes) throw new SourceException(file, number, $"it has more than {MostBytes} bytes; expected the name of an image, or a JSON object with it, a line.");
            if (isLast && length == 0) yield break;
            int text = length > 0 && buffer[start + length - 1] == '\r' ? length - 1 : length;
            yield return (number, buffer.AsMemory(start, text));
            if (isLast) yield break;
            start += length + 1;
        }
    }

    private int Fill(byte[] buffer, int from) => stream.ReadAtLeast(buffer.AsSpan(from), buffer.Length - from, throwOnEndOfStream: false);

    private void CheckMarks(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw new SourceException(file, "it is UTF-16; expected UTF-8. Save it as UTF-8.");
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) throw new SourceException(file, "it is compressed (gzip); expected plain text. Decompress it with 'gunzip'.");
    }
}
