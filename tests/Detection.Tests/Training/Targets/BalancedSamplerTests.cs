using CsCheck;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Targets;

namespace MaskRcnn.Detection.Tests.Training.Targets;

/// <summary>Samples have the share of positives that they should have, and every choice is as likely as any other.</summary>
public sealed class BalancedSamplerTests
{
    [Fact]
    public void A_sample_has_at_most_its_share_of_positives_and_is_filled_up_with_negatives() =>
        Gen.Select(Gen.Int[Matcher.Ignored, 3].Array[0, 300], Gen.Int[0, 64], Gen.Double[0, 1], Gen.Long).Sample((matches, size, fraction, seed) =>
        {
            RegionSample sample = Sampler(size, fraction, seed).Sample(0, matches);
            int positives = matches.Count(match => match >= 0), negatives = matches.Count(match => match == Matcher.Background);
            Assert.Equal(Math.Min(positives, (int)(size * fraction)), sample.Positives.Length);
            Assert.Equal(Math.Min(negatives, size - sample.Positives.Length), sample.Negatives.Length);
            Assert.All(sample.Positives, i => Assert.True(matches[i] >= 0));
            Assert.All(sample.Negatives, i => Assert.Equal(Matcher.Background, matches[i]));
            Assert.Equal(sample.All.Distinct().Order(), sample.All);
        });

    [Fact]
    public void The_same_random_source_gives_the_same_sample_and_another_image_another()
    {
        int[] matches = [.. Enumerable.Range(0, 1000).Select(i => i % 3 - 1)];
        Assert.Equal(Sampler(64, 0.5, 1).Sample(0, matches).All, Sampler(64, 0.5, 1).Sample(0, matches).All);
        Assert.NotEqual(Sampler(64, 0.5, 1).Sample(0, matches).All, Sampler(64, 0.5, 1).Sample(1, matches).All);
    }

    [Fact]
    public void Every_positive_is_as_likely_as_any_other()
    {
        const int Boxes = 20, Runs = 20_000;
        int[] counts = new int[Boxes], matches = new int[Boxes];
        for (int run = 0; run < Runs; run++)
        {
            foreach (int i in Sampler(5, 1, run).Sample(0, matches).Positives)
                counts[i]++;
        }

        // 5000 each; the deviation of such a count is 61.
        Assert.All(counts, count => Assert.InRange(count, 5000 - 5 * 61, 5000 + 5 * 61));
    }

    private static BalancedSampler Sampler(int size, double fraction, long seed) => new(size, fraction, image => TrainingRandom.Of(seed, image));
}
