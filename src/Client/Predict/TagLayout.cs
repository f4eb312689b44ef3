using SkiaSharp;

namespace MaskRcnn.Client.Predict;

/// <summary>Finds places for tags: at their box, inside the image, and not over another tag where that can be avoided.</summary>
/// <param name="width">The image's width in pixels.</param>
/// <param name="height">The image's height in pixels.</param>
internal sealed class TagLayout(int width, int height)
{
    private readonly List<SKRect> _placed = [];

    /// <summary>Takes the best free place, or the one that covers the least of other tags.</summary>
    /// <param name="box">The instance's box.</param>
    /// <param name="size">The tag's size.</param>
    /// <param name="mostCovered">Share of the tag that may lie over others, 0 to 1.</param>
    /// <returns>The place, or null where each would cover more.</returns>
    public SKRect? Place(SKRect box, SKSize size, double mostCovered)
    {
        SKRect best = default;
        double least = double.PositiveInfinity;
        foreach (SKRect place in Candidates(box, size))
        {
            double covered = _placed.Sum(other => Covered(place, other));
            if (covered >= least) continue;
            (best, least) = (place, covered);
            if (covered == 0) break;
        }
        if (least > mostCovered * size.Width * size.Height) return null;
        _placed.Add(best);
        return best;
    }

    /// <summary>Above the box, then inside it, then below; each at the left, at the right and between.</summary>
    private IEnumerable<SKRect> Candidates(SKRect box, SKSize size)
    {
        float[] tops = [box.Top - size.Height, box.Top, box.Bottom, box.Bottom - size.Height, box.MidY - size.Height / 2];
        float[] lefts = [box.Left, box.Right - size.Width, box.MidX - size.Width / 2];
        foreach (float top in tops)
        {
            foreach (float left in lefts) yield return Inside(left, top, size);
        }
    }

    private SKRect Inside(float left, float top, SKSize size)
    {
        left = Math.Max(0, Math.Min(left, width - size.Width));
        top = Math.Max(0, Math.Min(top, height - size.Height));
        return SKRect.Create(left, top, size.Width, size.Height);
    }

    private static double Covered(SKRect a, SKRect b)
    {
        double across = Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left), down = Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top);
        return across > 0 && down > 0 ? across * down : 0;
    }
}
