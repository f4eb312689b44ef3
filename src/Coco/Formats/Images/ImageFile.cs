using MaskRcnn.Coco.Datasets;
using NetVips;

namespace MaskRcnn.Coco.Formats.Images;

/// <summary>Opens image files of the kinds that data sets are made of. Every problem is an error that names the file.</summary>
internal static class ImageFile
{
    /// <summary>The most pixels read as labels. A small file can unpack to any size, so the header decides.</summary>
    public const long MaxPixels = 1L << 28;

    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"];

    static ImageFile()
    {
        // libvips prints warnings of damaged files by itself; what matters comes as an exception.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });
    }

    public static bool HasImageEnding(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The image's width and height as its header says, without its pixels.</summary>
    /// <exception cref="DatasetContentException">The file is not an image.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        using FileStream stream = File.OpenRead(path);
        var start = new byte[12];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        ImageKind kind = KindOf(start.AsSpan(0, read));
        if (kind == ImageKind.Unknown) throw NotAnImage(path, stream.Length, "a JPEG, PNG, TIFF or WebP image");
        stream.Position = 0;
        return Guard(path, () =>
        {
            using Image image = Image.NewFromStream(stream, access: Enums.Access.Sequential, failOn: Enums.FailOn.None);
            return (image.Width, image.Height);
        });
    }

    /// <summary>Opens a PNG or TIFF; its pixels are decoded later, by whoever reads them within <see cref="Guard"/>.</summary>
    /// <exception cref="DatasetContentException">The file is neither, or too large.</exception>
    public static Image OpenLabels(string path, byte[] content)
    {
        ImageKind kind = KindOf(content);
        if (kind is not (ImageKind.Png or ImageKind.Tiff)) throw NotAnImage(path, content.Length, "a PNG or TIFF image");
        Image image = Guard(path, () => kind == ImageKind.Png
            ? Image.PngloadBuffer(content, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error)
            : Image.TiffloadBuffer(content, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error));
        if ((long)image.Width * image.Height <= MaxPixels) return image;
        string size = $"{image.Width} × {image.Height} pixels";
        image.Dispose();
        throw new DatasetContentException(path, size, $"at most {MaxPixels} pixels");
    }

    /// <summary>Runs what reads an image, and names the file if it fails.</summary>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (VipsException exception)
        {
            string detail = exception.Message.ReplaceLineEndings(" ").Trim();
            throw new DatasetContentException(path, $"an image that cannot be read ({detail})", "a whole image", exception);
        }
    }

    private static DatasetContentException NotAnImage(string path, long length, string expected) =>
        new(path, length == 0 ? "a file of 0 bytes" : "a file that is not an image of a known kind", expected);

    private static ImageKind KindOf(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])) return ImageKind.Png;
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8)) return ImageKind.Tiff;
        if (start.StartsWith("II+\0"u8) || start.StartsWith("MM\0+"u8)) return ImageKind.Tiff; // BigTIFF
        if (start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff])) return ImageKind.Jpeg;
        return start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8) ? ImageKind.WebP : ImageKind.Unknown;
    }

    private enum ImageKind
    {
        Unknown,
        Jpeg,
        Png,
        Tiff,
        WebP,
    }
}
