using NetVips;

namespace MaskRcnn.Detection.Images;

/// <summary>Decodes with libvips, strip by strip on the calling thread. The loader is named, so that no other is ever tried.</summary>
internal static class VipsDecoder
{
    /// <summary>Bytes of a strip of rows, about: below the large object heap, whose collections stop all threads.</summary>
    private const int StripBytes = 80_000;

    /// <summary>Strips are whole blocks of a JPEG or WebP where rows are short enough.</summary>
    private const int BlockRows = 16;

    private const int LongestDetail = 200;

    /// <summary>What libvips says of a JPEG whose data stops before its last row; the rest would be grey.</summary>
    private const string JpegEndsEarly = "premature end of data segment";

    static VipsDecoder()
    {
        // libvips prints warnings of damaged files by itself; what matters comes as an exception.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });
        // Each image is decoded once, and callers bring their own threads.
        Cache.Max = 0;
        NetVips.NetVips.Concurrency = 1;
    }

    public static DecodedImage Decode(byte[] data, string name, ImageFormat format, ImageDecodeOptions options)
    {
        // The tiles of a TIFF that cannot be decoded are black at any lower level.
        if (format == ImageFormat.Tiff) return Decode(data, name, format, options, Enums.FailOn.Warning);
        if (format != ImageFormat.Jpeg) return Decode(data, name, format, options, Enums.FailOn.Error);
        try
        {
            return Decode(data, name, format, options, Enums.FailOn.Warning);
        }
        catch (ImageFormatException exception) when (exception.InnerException is VipsException vips && !vips.Message.Contains(JpegEndsEarly, StringComparison.Ordinal))
        {
            // Stray bytes between markers are common, and harm nothing.
            DecodedImage decoded = Decode(data, name, format, options, Enums.FailOn.Error);
            // Its constructor takes what libvips has noted and not yet told, so that no later error shows it.
            _ = new VipsException("");
            return decoded with { Warnings = [$"{name}: its JPEG data is damaged in places; some pixels may be wrong."] };
        }
    }

    private static DecodedImage Decode(byte[] data, string name, ImageFormat format, ImageDecodeOptions options, Enums.FailOn failOn)
    {
        try
        {
            using Image image = Open(data, format, failOn);
            ImageDecoder.CheckSize(name, format, image.Width, image.Height, options);
            SampleLayout layout = SampleLayout.Of(image, name, format, options);
            RgbImage rgb = layout.Stretched ? ReadStretched(image, layout) : Read(image, layout);
            if (options.ApplyOrientation) rgb = ImageOrientation.Apply(rgb, Number(image, "orientation", 1));
            return new DecodedImage(rgb, format, Warnings(image, name, format));
        }
        catch (VipsException exception)
        {
            throw Damaged(name, format, exception);
        }
    }

    /// <summary>Width and height as the file's header says; pixels are not decoded.</summary>
    /// <exception cref="ImageFormatException">The header is damaged.</exception>
    public static (int Width, int Height) ReadSize(string path, ImageFormat format, ImageDecodeOptions options)
    {
        try
        {
            using Image image = format switch
            {
                ImageFormat.Jpeg => Image.Jpegload(path, access: Enums.Access.Sequential),
                ImageFormat.Png => Image.Pngload(path, access: Enums.Access.Sequential),
                ImageFormat.WebP => Image.Webpload(path, access: Enums.Access.Sequential),
                ImageFormat.Tiff => Image.Tiffload(path, access: Enums.Access.Sequential),
                _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips is not asked for this format."),
            };
            bool swapped = options.ApplyOrientation && Number(image, "orientation", 1) is >= 5 and <= 8;
            return swapped ? (image.Height, image.Width) : (image.Width, image.Height);
        }
        catch (VipsException exception)
        {
            throw Damaged(path, format, exception);
        }
    }

    private static ImageFormatException Damaged(string name, ImageFormat format, VipsException exception)
    {
        // The first line says which call failed, the second why, the others what followed from it.
        string[] lines = exception.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string detail = lines.ElementAtOrDefault(1) ?? lines.FirstOrDefault() ?? "no details";
        if (detail.Length > LongestDetail) detail = detail[..LongestDetail] + "…";
        return new ImageFormatException(
            name, format, ImageProblem.Damaged,
            $"its {format.ToString().ToUpperInvariant()} data is damaged or incomplete ({detail}); expected a whole image. Copy it again, or leave it out.",
            exception);
    }

    /// <summary>Reads the header; pixels are decoded when they are fetched.</summary>
    private static Image Open(byte[] data, ImageFormat format, Enums.FailOn failOn) => format switch
    {
        ImageFormat.Jpeg => Image.JpegloadBuffer(data, access: Enums.Access.Sequential, failOn: failOn),
        ImageFormat.Png => Image.PngloadBuffer(data, access: Enums.Access.Sequential, failOn: failOn),
        ImageFormat.WebP => Image.WebploadBuffer(data, access: Enums.Access.Sequential, failOn: failOn),
        ImageFormat.Tiff => Image.TiffloadBuffer(data, access: Enums.Access.Sequential, failOn: failOn),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips is not asked for this format."),
    };

    private static RgbImage Read(Image image, SampleLayout layout)
    {
        byte[]? rgb = null;
        foreach ((int top, byte[] samples) in Strips(image))
        {
            // Only now: a header without data must not cost memory.
            rgb ??= GC.AllocateUninitializedArray<byte>(image.Width * image.Height * 3);
            layout.ToRgb(samples, rgb.AsSpan(top * image.Width * 3));
        }
        return new RgbImage(image.Width, image.Height, rgb!);
    }

    private static RgbImage ReadStretched(Image image, SampleLayout layout)
    {
        float[]? values = null;
        foreach ((int top, byte[] samples) in Strips(image))
        {
            values ??= new float[(long)image.Width * image.Height * layout.Colors];
            layout.ToValues(samples, values.AsSpan(top * image.Width * layout.Colors));
        }
        var rgb = new byte[(long)image.Width * image.Height * 3];
        IntensityStretch.ToRgb(values, layout.Colors, rgb);
        return new RgbImage(image.Width, image.Height, rgb);
    }

    private static IEnumerable<(int Top, byte[] Samples)> Strips(Image image)
    {
        using Region region = Region.New(image);
        long rowBytes = SampleLayout.RowBytes(image);
        int rows = rowBytes * BlockRows > StripBytes ? (int)Math.Max(1, StripBytes / rowBytes) : (int)(StripBytes / (rowBytes * BlockRows)) * BlockRows;
        for (int top = 0; top < image.Height; top += rows)
            yield return (top, region.Fetch(0, top, image.Width, Math.Min(rows, image.Height - top)));
    }

    private static string[] Warnings(Image image, string name, ImageFormat format)
    {
        int pages = Number(image, "n-pages", 1);
        if (pages <= 1) return [];
        string what = format == ImageFormat.Tiff ? "pages" : "frames";
        return [$"{name}: it has {pages} {what}; only the first is used."];
    }

    private static int Number(Image image, string field, int otherwise) =>
        image.Contains(field) && image.Get(field) is int value ? value : otherwise;
}
