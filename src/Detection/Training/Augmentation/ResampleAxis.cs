namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>
/// One axis of a window that is cut from a scaled image: where each of its pixels comes from. Pixel centres are at half
/// numbers. An image that is shrunk to less than 1 / <see cref="AreaFrom"/> is averaged over what a pixel covers;
/// otherwise the two neighbours are interpolated, which for an image that is not scaled gives its pixels as they are.
/// </summary>
internal sealed class ResampleAxis
{
    /// <summary>Pixels of the image to one of the window, above which they are averaged.</summary>
    public const double AreaFrom = 1.5;

    /// <param name="source">Length of the image.</param>
    /// <param name="scaled">Length of the scaled image.</param>
    /// <param name="offset">The window's start in the scaled image; may lie before it.</param>
    /// <param name="length">Length of the window.</param>
    public ResampleAxis(int source, int scaled, int offset, int length)
    {
        Source = source;
        Scaled = scaled;
        Offset = offset;
        Length = length;
        From = Math.Clamp(-offset, 0, length);
        To = Math.Clamp(scaled - offset, From, length);
        double ratio = (double)source / scaled;
        bool area = ratio > AreaFrom;
        Taps = area ? (int)Math.Ceiling(ratio) + 1 : 2;
        Nearest = new int[length];
        First = new int[length];
        Weights = new float[length * Taps];
        Nearest.AsSpan().Fill(-1);
        for (int i = From; i < To; i++)
        {
            double left = (i + offset) * ratio;
            // In whole numbers: a centre between two pixels must not fall either way by rounding.
            Nearest[i] = (int)((2L * (i + offset) + 1) * source / (2L * scaled));
            First[i] = area ? Area(left, left + ratio, Weights.AsSpan(i * Taps, Taps)) : Bilinear(left + ratio / 2 - 0.5, Weights.AsSpan(i * Taps, Taps));
        }
        Low = From < To ? First[From] : 0;
        High = From < To ? Math.Min(First[To - 1] + Taps, source) : 0;
    }

    /// <summary>Length of the image.</summary>
    public int Source { get; }

    /// <summary>Length of the scaled image.</summary>
    public int Scaled { get; }

    /// <summary>The window's start in the scaled image.</summary>
    public int Offset { get; }

    /// <summary>Length of the window.</summary>
    public int Length { get; }

    /// <summary>The window's first pixel that is in the image.</summary>
    public int From { get; }

    /// <summary>The window's first pixel behind the image.</summary>
    public int To { get; }

    /// <summary>Pixels of the image that make one of the window.</summary>
    public int Taps { get; }

    /// <summary>The image's pixel at the centre of each of the window's; −1 beside the image.</summary>
    public int[] Nearest { get; }

    /// <summary>The first of the image's pixels that make one of the window; there are always <see cref="Taps"/> from there, or those behind have no weight.</summary>
    public int[] First { get; }

    /// <summary>Weights of these pixels: (Length, Taps).</summary>
    public float[] Weights { get; }

    /// <summary>The first of the image's pixels that the window needs.</summary>
    public int Low { get; }

    /// <summary>The first of the image's pixels behind those that the window needs.</summary>
    public int High { get; }

    /// <summary>The image's pixels whose centres are in the window.</summary>
    public (int Low, int High) Visible
    {
        get
        {
            return (FirstAfter(Offset + From), FirstAfter(Offset + To));

            // The first pixel whose centre is not before an edge of the scaled image; exact, as Nearest is.
            int FirstAfter(long edge) => (int)Math.Min((2 * edge * Source + Scaled - 1) / (2L * Scaled), Source);
        }
    }

    /// <summary>A position of the image in the window.</summary>
    public float Map(float position) => (float)((double)position * Scaled / Source - Offset);

    /// <summary>The window's pixels whose nearest ones are from <paramref name="low"/> to before <paramref name="high"/>.</summary>
    public (int Low, int High) Range(int low, int high) => (LowerBound(low), LowerBound(high));

    private int LowerBound(int value)
    {
        int left = From, right = To;
        while (left < right)
        {
            int middle = (left + right) / 2;
            if (Nearest[middle] < value) left = middle + 1;
            else right = middle;
        }
        return left;
    }

    private int Bilinear(double position, Span<float> weights)
    {
        position = Math.Clamp(position, 0, Source - 1);
        // The last pixel is the second of a pair, so that a pair never reaches beyond the image.
        int first = Math.Min((int)position, Math.Max(Source - 2, 0));
        weights[1] = (float)(position - first);
        weights[0] = 1 - weights[1];
        return first;
    }

    private int Area(double left, double right, Span<float> weights)
    {
        right = Math.Min(right, Source);
        int first = Math.Min((int)left, Math.Max(Source - Taps, 0));
        for (int tap = 0; tap < weights.Length; tap++)
            weights[tap] = (float)(Math.Max(0, Math.Min(right, first + tap + 1) - Math.Max(left, first + tap)) / (right - left));
        return first;
    }
}
