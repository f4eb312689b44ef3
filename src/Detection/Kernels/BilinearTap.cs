namespace MaskRcnn.Detection.Kernels;

/// <summary>The two source pixels of a target pixel, and their weights, for bilinear interpolation with pixel centres (align_corners false).</summary>
/// <param name="Low">First source pixel.</param>
/// <param name="High">Second source pixel; the first again at the end.</param>
/// <param name="LowWeight">Weight of the first.</param>
/// <param name="HighWeight">Weight of the second.</param>
internal readonly record struct BilinearTap(int Low, int High, float LowWeight, float HighWeight)
{
    /// <summary>The taps for each target pixel, in torch's arithmetic: the scale is single precision, the rest double.</summary>
    /// <param name="source">Length of the source.</param>
    /// <param name="target">Length of the target.</param>
    public static BilinearTap[] Of(int source, int target)
    {
        BilinearTap[] taps = new BilinearTap[target];
        float scale = (float)source / target;
        for (int i = 0; i < target; i++)
        {
            double position = Math.Max(scale * (i + 0.5) - 0.5, 0);
            int low = Math.Min((int)position, source - 1);
            float fraction = (float)Math.Clamp(position - low, 0, 1);
            taps[i] = new BilinearTap(low, Math.Min(low + 1, source - 1), 1 - fraction, fraction);
        }

        return taps;
    }
}
