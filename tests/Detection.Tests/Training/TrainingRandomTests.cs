using MaskRcnn.Detection.Training;

namespace MaskRcnn.Detection.Tests.Training;

public sealed class TrainingRandomTests
{
    [Fact]
    public void The_same_parts_give_the_same_numbers_and_others_give_others()
    {
        ulong[] first = Draws(TrainingRandom.Of(7, 3, 42));
        Assert.Equal(first, Draws(TrainingRandom.Of(7, 3, 42)));
        foreach (TrainingRandom other in (TrainingRandom[])[TrainingRandom.Of(7, 3, 43), TrainingRandom.Of(3, 7, 42), TrainingRandom.Of(7, 3), TrainingRandom.Of(7, 3, 42, 0), TrainingRandom.Of()])
            Assert.Empty(first.Intersect(Draws(other)));
    }

    [Fact]
    public void The_numbers_are_these_in_every_version() =>
        // A checkpoint holds seed and step only: other numbers would change a resumed run.
        Assert.Equal([12_375_106_577_350_632_987UL, 8_511_313_107_312_705_420UL], Draws(TrainingRandom.Of(1, 2, 3)).Take(2));

    [Fact]
    public void Xoshiro_is_that_of_its_authors()
    {
        // Reference: the authors' xoshiro256starstar.c and splitmix64.c with seed 0, as many libraries have it in their tests.
        ulong state = 0;
        ulong[] s = [Split(), Split(), Split(), Split()];
        Assert.Equal(0xe220a8397b1dcdafUL, s[0]);
        TrainingRandom random = TrainingRandom.Of();
        for (int i = 0; i < 1000; i++)
        {
            ulong expected = ulong.RotateLeft(s[1] * 5, 7) * 9, t = s[1] << 17;
            s[2] ^= s[0];
            s[3] ^= s[1];
            s[1] ^= s[2];
            s[0] ^= s[3];
            s[2] ^= t;
            s[3] = ulong.RotateLeft(s[3], 45);
            Assert.Equal(expected, random.NextBits());
        }

        ulong Split()
        {
            ulong z = state += 0x9e3779b97f4a7c15;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            return z ^ (z >> 31);
        }
    }

    [Fact]
    public void Numbers_are_uniform_and_gaussians_have_their_moments()
    {
        TrainingRandom random = TrainingRandom.Of(5);
        int[] counts = new int[7];
        double sum = 0, squares = 0, gaussians = 0, gaussianSquares = 0;
        const int N = 70_000;
        for (int i = 0; i < N; i++)
        {
            counts[random.Next(7)]++;
            double value = random.NextDouble(), gaussian = random.NextGaussian();
            Assert.InRange(value, 0, 1 - 1e-17);
            sum += value;
            squares += value * value;
            gaussians += gaussian;
            gaussianSquares += gaussian * gaussian;
        }
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.InRange(sum / N, 0.495, 0.505);
        Assert.InRange(squares / N, 0.328, 0.338);
        Assert.InRange(gaussians / N, -0.02, 0.02);
        Assert.InRange(gaussianSquares / N, 0.97, 1.03);
    }

    [Fact]
    public void Every_order_of_four_is_equally_likely()
    {
        Dictionary<string, int> orders = Enumerable.Range(0, 24_000).Select(seed => string.Join(' ', TrainingRandom.Of(seed).Permutation(4))).CountBy(order => order).ToDictionary();
        Assert.Equal(24, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, 850, 1150));
        Assert.Empty(TrainingRandom.Of(1).Permutation(0));
    }

    [Fact]
    public void Nothing_cannot_be_drawn_from() => Assert.Throws<ArgumentOutOfRangeException>(() => TrainingRandom.Of(1).Next(0));

    private static ulong[] Draws(TrainingRandom random) => [.. Enumerable.Range(0, 50).Select(_ => random.NextBits())];
}
