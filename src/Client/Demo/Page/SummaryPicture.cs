using System.Globalization;
using MaskRcnn.Client.Predict;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using SkiaSharp;

namespace MaskRcnn.Client.Demo.Page;

/// <summary>One picture of a demo: what was found in the first image, whichever that is, beside the numbers. The README's is made by this, see docs/demo.md.</summary>
internal static class SummaryPicture
{
    private const int Width = 1000, Height = 420, Margin = 30;
    private const float Side = Height - (2 * Margin);

    private static readonly SKColor Paper = new(0x12, 0x15, 0x1a), Ink = new(0xf0, 0xee, 0xea), Soft = new(0x9e, 0xa3, 0xad), Line = new(0x34, 0x39, 0x43), Good = new(0x4c, 0xc3, 0x8a);

    private static readonly SKTypeface Typeface =
        SKTypeface.FromFile(Path.Combine(AppContext.BaseDirectory, "Fonts", "Cantarell-Regular.otf")) ?? SKTypeface.Default;

    /// <summary>The picture as PNG.</summary>
    public static byte[] Render(DemoReport report)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Paper);
        Overlay(canvas, Path.Combine(report.Folder.Root, report.Images[0].Found));
        float left = Margin + Side + 44, right = Width - Margin - 8;
        Text(canvas, left, 78, 30, Ink, $"{Number(report.Images.Count)} images, {Number(report.Samples.Nuclei)} nuclei");
        Text(canvas, left, 106, 17, Soft, $"one job on a cluster of {Number(report.Workers.Count)} workers");
        Table(canvas, report.Scores, left, right);
        Text(canvas, left, 346, 21, Good, $"{Number(report.Scores.Instances.TruePositives)} found");
        Text(canvas, left, 376, 17, Soft, $"{Number(report.Scores.Instances.FalseNegatives)} missed, {Number(report.Scores.Instances.FalsePositives)} false alarms (dashed), at score and IoU 0.5");
        canvas.Flush();
        return OverlayRenderer.EncodePng(bitmap);
    }

    /// <summary>The middle of the overlay, as a square.</summary>
    private static void Overlay(SKCanvas canvas, string file)
    {
        using SKBitmap picture = SKBitmap.Decode(file);
        int side = Math.Min(picture.Width, picture.Height);
        SKRect from = SKRect.Create((picture.Width - side) / 2, (picture.Height - side) / 2, side, side), to = SKRect.Create(Margin, Margin, Side, Side);
        using SKImage image = SKImage.FromBitmap(picture);
        canvas.Save();
        canvas.ClipRoundRect(new SKRoundRect(to, 8), antialias: true);
        canvas.DrawImage(image, from, to, new SKSamplingOptions(SKCubicResampler.Mitchell));
        canvas.Restore();
    }

    private static void Table(SKCanvas canvas, DemoScores scores, float left, float right)
    {
        float[] columns = [right - 300, right - 150, right];
        float y = 168;
        for (int i = 0; i < columns.Length; i++) Text(canvas, columns[i], y, 18, Soft, DemoScores.Shown[i], SKTextAlign.Right);
        using var line = new SKPaint { Color = Line, StrokeWidth = 1 };
        foreach ((IouType type, EvaluationSummary summary) in scores.Types)
        {
            canvas.DrawLine(left, y + 14, right, y + 14, line);
            y += 56;
            Text(canvas, left, y, 22, Ink, DemoReport.Name(type));
            for (int i = 0; i < columns.Length; i++)
                Text(canvas, columns[i], y, 30, Ink, DemoReport.Number(summary.Lines.First(l => l.Key == DemoScores.Shown[i]).Value), SKTextAlign.Right);
        }
        canvas.DrawLine(left, y + 18, right, y + 18, line);
    }

    private static void Text(SKCanvas canvas, float x, float y, float size, SKColor color, string text, SKTextAlign align = SKTextAlign.Left)
    {
        using var font = new SKFont(Typeface, size) { Edging = SKFontEdging.Antialias, Subpixel = true };
        using var paint = new SKPaint { IsAntialias = true, Color = color };
        canvas.DrawText(text, x, y, align, font, paint);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
