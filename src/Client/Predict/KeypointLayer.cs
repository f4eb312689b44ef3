using SkiaSharp;

namespace MaskRcnn.Client.Predict;

/// <summary>Draws keypoints as dots, and COCO's 17 as a person.</summary>
internal static class KeypointLayer
{
    private const int CocoKeypoints = 17;

    /// <summary>A dot's radius is at most this part of the keypoints' extent, so that a person far away is not all dots.</summary>
    private const float MostOfExtent = 1 / 36f;

    /// <summary>COCO's skeleton: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles are 0 to 16.</summary>
    private static readonly (int From, int To)[] Skeleton =
    [
        (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8),
        (7, 9), (8, 10), (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
    ];

    /// <summary>Draws the keypoints that are visible.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="keypoints">x, y and visibility of each.</param>
    /// <param name="color">The instance's colour.</param>
    /// <param name="sizes">The picture's sizes.</param>
    public static void Draw(SKCanvas canvas, IReadOnlyList<float> keypoints, SKColor color, OverlaySizes sizes)
    {
        int count = keypoints.Count / 3;
        int[] visible = [.. Enumerable.Range(0, count).Where(Visible)];
        if (visible.Length == 0) return;
        float extent = Math.Max(visible.Max(k => At(k).X) - visible.Min(k => At(k).X), visible.Max(k => At(k).Y) - visible.Min(k => At(k).Y));
        // A single keypoint has no extent, and is drawn in full.
        float scale = extent > 0 ? Math.Min(1, extent * MostOfExtent / sizes.Joint) : 1;
        using var bone = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeCap = SKStrokeCap.Round, StrokeWidth = sizes.Bone * scale, Color = color };
        using var rim = new SKPaint { IsAntialias = true, Color = SKColors.White };
        using var joint = new SKPaint { IsAntialias = true, Color = color };
        foreach ((int from, int to) in count == CocoKeypoints ? Skeleton : [])
        {
            if (Visible(from) && Visible(to)) canvas.DrawLine(At(from), At(to), bone);
        }
        foreach (int k in visible)
        {
            canvas.DrawCircle(At(k), sizes.Joint * scale, rim);
            canvas.DrawCircle(At(k), sizes.Joint * scale * .68f, joint);
        }

        bool Visible(int k) => keypoints[3 * k + 2] > 0 && float.IsFinite(keypoints[3 * k]) && float.IsFinite(keypoints[3 * k + 1]);

        SKPoint At(int k) => new(keypoints[3 * k], keypoints[3 * k + 1]);
    }
}
