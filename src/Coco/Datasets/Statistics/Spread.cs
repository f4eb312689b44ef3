namespace MaskRcnn.Coco.Datasets.Statistics;

/// <summary>How numbers are spread.</summary>
/// <param name="Min">The least.</param>
/// <param name="Median">The middle one, or the mean of the two middle ones.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Max">The greatest.</param>
public sealed record Spread(double Min, double Median, double Mean, double Max)
{
    /// <summary>The spread of some numbers; all 0 if there are none.</summary>
    internal static Spread Of(IEnumerable<int> numbers)
    {
        int[] sorted = [.. numbers.Order()];
        if (sorted.Length == 0) return new Spread(0, 0, 0, 0);
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + (double)sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted.Average(), sorted[^1]);
    }
}
