using MaskRcnn.Client.Predict;
using MaskRcnn.Detection.Inference;
using SkiaSharp;

namespace MaskRcnn.Client.Demo;

/// <summary>Dashed white outlines around what is wrong: false alarms among the finds, misses in the ground truth.</summary>
internal static class WrongMarks
{
    /// <summary>In widths of an outline.</summary>
    private const float Dash = 3.2f, Gap = 2.6f, Width = 1.4f, Edge = 2.6f;

    public static void Draw(SKBitmap picture, IEnumerable<DetectedInstance> wrong)
    {
        using var canvas = new SKCanvas(picture);
        float unit = new OverlaySizes(picture.Width, picture.Height).Contour;
        using SKPathEffect dashes = SKPathEffect.CreateDash([Dash * unit, Gap * unit], 0);
        using var paint = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeJoin = SKStrokeJoin.Round, PathEffect = dashes };
        foreach (DetectedInstance instance in wrong)
        {
            if (instance.Mask is not { } mask) continue;
            using SKPath outline = MaskLayer.Outline(mask);
            // Dark edges keep the dashes apart from light pixels.
            (paint.Color, paint.StrokeWidth) = (SKColors.Black.WithAlpha(190), Edge * unit);
            canvas.DrawPath(outline, paint);
            (paint.Color, paint.StrokeWidth) = (SKColors.White, Width * unit);
            canvas.DrawPath(outline, paint);
        }
    }
}
