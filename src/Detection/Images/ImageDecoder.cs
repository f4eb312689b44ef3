using MaskRcnn.Detection.Images.Bmp;

namespace MaskRcnn.Detection.Images;

/// <summary>
/// Decodes JPEG, PNG, WebP, BMP and TIFF to 8-bit RGB. The format is told by the content. Pixels are those that
/// Pillow's <c>convert("RGB")</c> gives: alpha is dropped and not blended, grey is repeated, a palette is looked up, no
/// colour profile and no gamma is applied. May be called from many threads; a call uses one.
/// </summary>
public static class ImageDecoder
{
    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ImageFormatException">The content is not an image that can be decoded.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DecodedImage DecodeFile(string path, ImageDecodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Decode(File.ReadAllBytes(path), path, options);
    }

    /// <summary>Decodes an image file's bytes.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="name">What errors and warnings call it.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ImageFormatException">The bytes are not an image that can be decoded; truncated data is an error too.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static DecodedImage Decode(byte[] data, string name, ImageDecodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(name);
        options ??= new ImageDecodeOptions();
        options.Check();
        if (data.Length == 0) throw new ImageFormatException(name, null, ImageProblem.Empty, "it is 0 bytes long; expected an image file.");
        return ImageSignature.FormatOf(data) switch
        {
            null => throw new ImageFormatException(
                name, null, ImageProblem.UnknownFormat,
                $"it begins with {ImageSignature.Describe(data)}; expected a JPEG, PNG, WebP, BMP or TIFF file."),
            ImageFormat.Bmp => new DecodedImage(new BmpReader(data, name, options).Read(), ImageFormat.Bmp, []),
            { } format => VipsDecoder.Decode(data, name, format, options),
        };
    }

    /// <summary>Width and height as a file's header says; its pixels are not decoded.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it will be decoded; null for the defaults.</param>
    /// <exception cref="ImageFormatException">The file is no image of a known format, or its header is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (int Width, int Height) ReadSize(string path, ImageDecodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var start = new byte[12];
        int read;
        using (FileStream stream = File.OpenRead(path)) read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read == 0) throw new ImageFormatException(path, null, ImageProblem.Empty, "it is 0 bytes long; expected an image file.");
        switch (ImageSignature.FormatOf(start.AsSpan(0, read)))
        {
            case null:
                throw new ImageFormatException(
                    path, null, ImageProblem.UnknownFormat,
                    $"it begins with {ImageSignature.Describe(start.AsSpan(0, read))}; expected a JPEG, PNG, WebP, BMP or TIFF file.");
            case ImageFormat.Bmp:
                BmpHeader header = BmpHeader.Read(File.ReadAllBytes(path), new BmpErrors(path));
                return (header.Width, header.Height);
            case { } format:
                return VipsDecoder.ReadSize(path, format, options ?? new ImageDecodeOptions());
        }
    }

    /// <exception cref="ImageFormatException">There are more pixels than allowed.</exception>
    internal static void CheckSize(string name, ImageFormat format, long width, long height, ImageDecodeOptions options)
    {
        if (width * height <= options.MaxPixels) return;
        throw new ImageFormatException(
            name, format, ImageProblem.TooManyPixels,
            $"it has {width} × {height} pixels; expected at most {options.MaxPixels} in all. Cut it into tiles, or raise the limit.");
    }
}
