using System.Text;

namespace MaskRcnn.Grains.Sources.Manifests;

/// <summary>A manifest: UTF-8 with a name a line, or with a JSON object a line if the first begins with <c>{</c>. Empty lines say nothing.</summary>
internal static class ManifestFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads its names.</summary>
    /// <exception cref="SourceException">It is no manifest; the message names the line.</exception>
    public static void Read(SourceFile file, Action<NamedImage> add, CancellationToken stop)
    {
        bool? isJson = null;
        using Stream stream = file.Open(stop);
        foreach ((long number, ReadOnlyMemory<byte> bytes) in new ManifestLines(file.Shown, stream).Read())
        {
            stop.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> line = bytes.Span;
            if (line.Trim(" \t"u8).IsEmpty) continue;
            isJson ??= line.TrimStart(" \t"u8)[0] == '{';
            add(isJson.Value ? ManifestEntry.Parse(file.Shown, number, line) : new NamedImage(ImageName.Normal(Text(file.Shown, number, line)), number));
        }
    }

    private static string Text(string file, long number, ReadOnlySpan<byte> line)
    {
        try
        {
            return Utf8.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            throw new SourceException(file, number, "it is not UTF-8; expected a text file in UTF-8 with a name a line.");
        }
    }
}
