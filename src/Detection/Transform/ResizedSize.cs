using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Detection.Transform;

/// <summary>The size that an image is resized to: the shorter side to a length, unless the longer one then exceeds a limit.</summary>
public static class ResizedSize
{
    /// <summary>Height and width after the resize, at least 1.</summary>
    /// <param name="height">Height of the image.</param>
    /// <param name="width">Width of the image.</param>
    /// <param name="minSize">Wanted length of the shorter side.</param>
    /// <param name="maxSize">Limit of the longer side.</param>
    /// <param name="rule">How the scale is computed.</param>
    public static (int Height, int Width) Of(int height, int width, int minSize, int maxSize, ResizeRule rule)
    {
        int shorter = Math.Min(height, width), longer = Math.Max(height, width);
        double scale = rule == ResizeRule.DoublePrecision
            ? Math.Min((double)minSize / shorter, (double)maxSize / longer)
            : Math.Min(1f / shorter * minSize, 1f / longer * maxSize);
        return (Math.Max((int)Math.Floor(height * scale), 1), Math.Max((int)Math.Floor(width * scale), 1));
    }

    /// <summary>A length rounded up to a multiple.</summary>
    public static int Padded(int length, int divisor) => (length + divisor - 1) / divisor * divisor;
}
