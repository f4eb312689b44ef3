using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Tests.Randomness;

public sealed class RandomSourceTests
{
    [Fact]
    public void It_is_xoshiro256_starstar()
    {
        // The test vector of Rust's rand_xoshiro, made with the authors' C code.
        var random = RandomSource.InState(1, 2, 3, 4);
        ulong[] expected =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625,
            8476171486693032832, 10595114339597558777, 2904607092377533576,
        ];
        Assert.Equal(expected, expected.Select(_ => random.NextBits()).ToArray());
    }

    [Fact]
    public void Its_state_is_filled_by_SplitMix64()
    {
        ulong state = 1234567;
        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], [.. Enumerable.Range(0, 3).Select(_ => RandomSource.SplitMix(ref state))]);
    }

    [Fact]
    public void Normal_numbers_have_mean_0_deviation_1_and_the_bell_s_shape()
    {
        var random = new RandomSource(5);
        double[] numbers = [.. Enumerable.Range(0, 200_000).Select(_ => random.NextNormal())];
        Assert.Equal(0, numbers.Average(), .01);
        Assert.Equal(1, Math.Sqrt(numbers.Average(n => n * n)), .01);
        Assert.Equal(.6827, numbers.Count(n => Math.Abs(n) < 1) / (double)numbers.Length, .01);
        Assert.Equal(.9545, numbers.Count(n => Math.Abs(n) < 2) / (double)numbers.Length, .005);
    }

    [Fact]
    public void Whole_numbers_reach_both_ends_alike()
    {
        var random = new RandomSource(6);
        int[] counts = new int[3];
        for (int i = 0; i < 30_000; i++) counts[random.NextWhole(-1, 1) + 1]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Directions_have_length_1_and_favour_none()
    {
        var random = new RandomSource(7);
        (double X, double Y)[] directions = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextDirection())];
        Assert.All(directions, d => Assert.Equal(1, d.X * d.X + d.Y * d.Y, 1e-12));
        // A direction's double angle has mean 0 in both parts only if a square's corners are not favoured.
        Assert.Equal(0, directions.Average(d => Math.Cos(4 * Math.Atan2(d.Y, d.X))), .03);
    }

    [Fact]
    public void Other_keys_give_other_streams()
    {
        ulong[] first = [.. from seed in (long[])[-1, 0, 1, 2] from image in Enumerable.Range(0, 50) from attempt in (int[])[0, 1] select new RandomSource(seed, image, attempt).NextBits()];
        Assert.Distinct(first);
    }
}
