using System.Globalization;
using System.Text;

namespace MaskRcnn.Detection.Images;

/// <summary>Tells formats by a file's first bytes; names and endings do not count.</summary>
internal static class ImageSignature
{
    /// <summary>How many first bytes an error shows.</summary>
    private const int Shown = 12;

    /// <summary>The format, or null.</summary>
    public static ImageFormat? FormatOf(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff])) return ImageFormat.Jpeg;
        if (data.StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG\r\n\x1a\n"u8])) return ImageFormat.Png;
        if (data.Length >= 12 && data.StartsWith("RIFF"u8) && data[8..].StartsWith("WEBP"u8)) return ImageFormat.WebP;
        if (data.StartsWith("BM"u8)) return ImageFormat.Bmp;
        if (data.StartsWith("II*\0"u8) || data.StartsWith("MM\0*"u8)) return ImageFormat.Tiff;
        if (data.StartsWith("II+\0"u8) || data.StartsWith("MM\0+"u8)) return ImageFormat.Tiff; // BigTIFF
        return null;
    }

    /// <summary>The first bytes for an error: as text where they are text, and in hexadecimal.</summary>
    public static string Describe(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> first = data[..Math.Min(Shown, data.Length)];
        var hex = new StringBuilder();
        bool text = true;
        foreach (byte value in first)
        {
            hex.Append(CultureInfo.InvariantCulture, $" {value:x2}");
            text &= value is >= 0x20 and < 0x7f;
        }
        return text ? $"'{Encoding.ASCII.GetString(first)}' ({hex.ToString().Trim()})" : hex.ToString().Trim();
    }
}
