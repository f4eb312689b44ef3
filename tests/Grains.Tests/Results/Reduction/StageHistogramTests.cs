using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

public class StageHistogramTests
{
    [Fact]
    public void Quantiles_are_within_two_percent_and_the_mean_is_exact()
    {
        var random = new Random(8);
        double[] seconds = [.. Enumerable.Range(0, 10_000).Select(_ => Math.Exp(8 * random.NextDouble() - 7))];
        var histogram = new StageHistogram();
        foreach (double second in seconds) histogram.Add(second);
        Array.Sort(seconds);
        Assert.Equal(seconds.Average(), histogram.Mean, 9);
        Assert.InRange(histogram.Quantile(.5) / seconds[4999], .98, 1.02);
        Assert.InRange(histogram.Quantile(.95) / seconds[9499], .98, 1.02);
    }

    [Fact]
    public void Nothing_and_zero_are_zero()
    {
        var histogram = new StageHistogram();
        Assert.Equal((0, 0), (histogram.Mean, histogram.Quantile(.5)));
        histogram.Add(0);
        Assert.Equal((0, 0), (histogram.Mean, histogram.Quantile(.5)));
    }
}
