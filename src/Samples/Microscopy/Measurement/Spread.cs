namespace MaskRcnn.Samples.Microscopy.Measurement;

/// <summary>The ends and the middle of some numbers.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Median">The middle one; of an even count the upper of the two.</param>
/// <param name="Most">The largest.</param>
public sealed record Spread(double Least, double Median, double Most)
{
    internal static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) throw new InvalidOperationException("No image was measured; expected at least one.");
        return new Spread(sorted[0], sorted[sorted.Length / 2], sorted[^1]);
    }
}
