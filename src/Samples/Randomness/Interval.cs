namespace MaskRcnn.Samples.Randomness;

/// <summary>Two numbers between which one is drawn.</summary>
internal readonly record struct Interval(double Least, double Most)
{
    public double Draw(RandomSource random) => random.NextBetween(Least, Most);

    /// <summary>A whole number; both ends are possible.</summary>
    public int DrawWhole(RandomSource random) => random.NextWhole((int)Least, (int)Most);
}
