using System.Globalization;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using SkiaSharp;

namespace MaskRcnn.Client.Predict;

/// <summary>
/// Draws what was found over an image: tinted masks with outlines, boxes, tags with name and score, keypoints.
/// Instances with better scores lie on top.
/// </summary>
internal static class OverlayRenderer
{
    /// <summary>From this many instances on, boxes and tags are only drawn for large ones.</summary>
    private const int Dense = 60;

    /// <summary>An instance is large in a dense image when its box's shorter side has this many lines of text.</summary>
    private const float LargeLines = 7;

    /// <summary>Instances whose boxes are this close, in widths of an outline, get colours that differ.</summary>
    private const double NeighborReach = 4;

    /// <summary>From this many instances on, and in images lower than this many lines of text, a tag must be smaller than its box.</summary>
    private const int Crowded = 12, SmallLines = 16;

    /// <summary>How much of a tag may lie over others before it is left out.</summary>
    private const double MostCovered = .25, MostCoveredInCrowd = .05;

    /// <summary>How far an outline's lightness is from the colour's: down in a bright image, up in a dark one.</summary>
    private const double OutlineDarker = .22, OutlineLighter = .06;

    /// <summary>Mean of all samples from which an image is bright.</summary>
    private const double Bright = 140;

    /// <summary>Samples looked at for that.</summary>
    private const int BrightnessSamples = 4096;

    /// <summary>PNG compression 0..9: half the time of the default, and hardly larger.</summary>
    private const int PngLevel = 4;

    /// <summary>Skia's bitmaps have at most 2³¹ − 1 bytes.</summary>
    private const long MaxPixels = int.MaxValue / 4;

    private static readonly SKTypeface Typeface =
        SKTypeface.FromFile(Path.Combine(AppContext.BaseDirectory, "Fonts", "Cantarell-Regular.otf")) ?? SKTypeface.Default;

    /// <summary>The picture as a PNG of the image's size.</summary>
    /// <param name="image">The image.</param>
    /// <param name="detections">What was found in it.</param>
    /// <param name="names">What labels are called; others are "label 7".</param>
    /// <exception cref="ArgumentException">The detections, or a mask, are of another size, or the image is too large for one bitmap.</exception>
    public static byte[] RenderPng(RgbImage image, ImageDetections detections, IReadOnlyDictionary<int, string> names)
    {
        using SKBitmap bitmap = Render(image, detections, names);
        return EncodePng(bitmap);
    }

    /// <summary>A picture as PNG.</summary>
    public static byte[] EncodePng(SKBitmap picture)
    {
        using SKPixmap? pixels = picture.PeekPixels();
        using SKData? png = pixels?.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, PngLevel));
        return png?.ToArray() ?? throw new InvalidOperationException($"The picture of {picture.Width}×{picture.Height} pixels could not be written as PNG.");
    }

    /// <summary>The picture's pixels: red, green, blue and alpha, which is 255.</summary>
    /// <inheritdoc cref="RenderPng"/>
    /// <param name="image">The image.</param>
    /// <param name="detections">What was found in it.</param>
    /// <param name="names">What labels are called; others are "label 7".</param>
    /// <param name="masksOnly">Whether boxes and tags are left out.</param>
    public static SKBitmap Render(RgbImage image, ImageDetections detections, IReadOnlyDictionary<int, string> names, bool masksOnly = false)
    {
        Check(image, detections);
        IReadOnlyList<DetectedInstance> instances = detections.Instances;
        var sizes = new OverlaySizes(image.Width, image.Height);
        OkLch[] colors = InstanceColors.Assign(instances, NeighborReach * sizes.Contour);
        SKBitmap bitmap = ToBitmap(image);
        for (int i = instances.Count - 1; i >= 0; i--)
        {
            if (instances[i].Mask is { } mask) MaskLayer.Fill(bitmap.GetPixelSpan(), mask, colors[i].ToColor());
        }
        using var canvas = new SKCanvas(bitmap);
        double outline = IsBright(image) ? -OutlineDarker : OutlineLighter;
        for (int i = instances.Count - 1; i >= 0; i--)
        {
            SKColor outlineColor = (colors[i] with { Lightness = colors[i].Lightness + outline }).ToColor();
            DrawLines(canvas, instances[i], colors[i].ToColor(), outlineColor, sizes, !masksOnly && Marked(instances, i, sizes));
        }
        var layout = new TagLayout(image.Width, image.Height);
        for (int i = 0; i < instances.Count; i++)
        {
            if (!masksOnly && Marked(instances, i, sizes) && IsDrawable(instances[i].Box)) DrawTag(canvas, layout, detections, i, colors[i].ToColor(), sizes, names);
        }
        return bitmap;
    }

    private static void Check(RgbImage image, ImageDetections detections)
    {
        if ((detections.Width, detections.Height) != (image.Width, image.Height))
            throw new ArgumentException($"The detections are of an image of {detections.Width}×{detections.Height} pixels; expected {image.Width}×{image.Height}.", nameof(detections));
        if ((long)image.Width * image.Height > MaxPixels)
            throw new ArgumentException($"The image has {image.Width}×{image.Height} pixels; expected at most {MaxPixels} in all for an overlay. Cut it into tiles.", nameof(image));
        foreach (DetectedInstance instance in detections.Instances)
        {
            if (instance.Mask is { } mask && (mask.Width, mask.Height) != (image.Width, image.Height))
                throw new ArgumentException($"A mask has {mask.Width}×{mask.Height} pixels; expected {image.Width}×{image.Height}, as the image.", nameof(detections));
        }
    }

    private static SKBitmap ToBitmap(RgbImage image)
    {
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<byte> pixels = bitmap.GetPixelSpan();
        byte[] rgb = image.Pixels;
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            pixels[to] = rgb[from];
            pixels[to + 1] = rgb[from + 1];
            pixels[to + 2] = rgb[from + 2];
            pixels[to + 3] = byte.MaxValue;
        }
        return bitmap;
    }

    private static bool Marked(IReadOnlyList<DetectedInstance> instances, int i, OverlaySizes sizes)
    {
        Box box = instances[i].Box;
        return instances.Count < Dense || Math.Min(box.X2 - box.X1, box.Y2 - box.Y1) >= LargeLines * sizes.Text;
    }

    private static bool IsDrawable(Box box) => float.IsFinite(box.X1) && float.IsFinite(box.Y1) && float.IsFinite(box.X2) && float.IsFinite(box.Y2);

    private static void DrawLines(SKCanvas canvas, DetectedInstance instance, SKColor color, SKColor outlineColor, OverlaySizes sizes, bool marked)
    {
        using var paint = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeJoin = SKStrokeJoin.Round };
        if (instance.Mask is { } mask)
        {
            using SKPath outline = MaskLayer.Outline(mask);
            paint.StrokeWidth = sizes.Contour;
            paint.Color = outlineColor;
            canvas.DrawPath(outline, paint);
        }
        if (marked && IsDrawable(instance.Box))
        {
            paint.StrokeWidth = sizes.Box;
            paint.Color = color;
            canvas.DrawRect(ToRect(instance.Box), paint);
        }
        if (instance.Keypoints is { } keypoints) KeypointLayer.Draw(canvas, keypoints, color, sizes);
    }

    private static void DrawTag(
        SKCanvas canvas, TagLayout layout, ImageDetections detections, int i, SKColor color, OverlaySizes sizes, IReadOnlyDictionary<int, string> names)
    {
        DetectedInstance instance = detections.Instances[i];
        string name = names.GetValueOrDefault(instance.Label) ?? $"label {instance.Label}";
        string text = string.Create(CultureInfo.InvariantCulture, $"{name} {instance.Score:F2}");
        using var font = new SKFont(Typeface, sizes.Text) { Edging = SKFontEdging.Antialias, Subpixel = true };
        SKFontMetrics metrics = font.Metrics;
        var size = new SKSize(font.MeasureText(text) + 2 * sizes.TagPadding, metrics.Descent - metrics.Ascent + sizes.TagPadding / 2);
        SKRect box = SKRect.Intersect(ToRect(instance.Box), SKRect.Create(detections.Width, detections.Height));
        bool crowded = detections.Instances.Count >= Crowded || Math.Min(detections.Width, detections.Height) < SmallLines * sizes.Text;
        if (crowded && size.Width * size.Height > box.Width * box.Height) return;
        if (layout.Place(box, size, crowded ? MostCoveredInCrowd : MostCovered) is not { } place) return;
        using var paint = new SKPaint { IsAntialias = true, Color = color };
        canvas.DrawRoundRect(place, sizes.TagCorner, sizes.TagCorner, paint);
        paint.Color = IsLight(color) ? SKColors.Black : SKColors.White;
        canvas.DrawText(text, place.Left + sizes.TagPadding, place.MidY - (metrics.Ascent + metrics.Descent) / 2, font, paint);
    }

    private static bool IsBright(RgbImage image)
    {
        int step = Math.Max(1, image.Pixels.Length / BrightnessSamples);
        long sum = 0, count = 0;
        for (long at = 0; at < image.Pixels.LongLength; at += step, count++) sum += image.Pixels[at];
        return sum >= Bright * count;
    }

    private static SKRect ToRect(Box box) => new(Math.Min(box.X1, box.X2), Math.Min(box.Y1, box.Y2), Math.Max(box.X1, box.X2), Math.Max(box.Y1, box.Y2));

    /// <summary>Whether black text is easier to read on it than white (luma of BT.601).</summary>
    private static bool IsLight(SKColor color) => .299 * color.Red + .587 * color.Green + .114 * color.Blue > 120;
}
