using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>Which level of the pyramid a region is pooled from (FPN, equation 1): k = ⌊k₀ + log₂(√area / 224)⌋.</summary>
/// <param name="configuration">Has k₀ and the canonical size.</param>
/// <param name="levels">Number of levels to pool from; the first is P2.</param>
public sealed class LevelMapper(RoiPoolingConfiguration configuration, int levels)
{
    private const int FirstLevel = 2;
    private const float Eps = 1e-6f;

    /// <summary>Index of the level of a box in resized pixels, 0 to levels − 1.</summary>
    public int Level(Box box)
    {
        float side = MathF.Sqrt(BoxGeometry.Area(box));
        float level = MathF.Floor(configuration.CanonicalLevel + MathF.Log2(side / (float)configuration.CanonicalSize) + Eps);
        // A box without area has level −∞; NaN cannot be compared and goes to the first level too.
        return level >= FirstLevel ? (int)Math.Min(level - FirstLevel, levels - 1) : 0;
    }
}
