namespace MaskRcnn.Detection.Training.Targets;

/// <summary>
/// At most a share of positives, filled up with negatives (Fast R-CNN, section 2.3; torchvision's balanced sampler).
/// Within each kind every choice is as likely as any other.
/// </summary>
/// <param name="size">Boxes of an image.</param>
/// <param name="positiveFraction">Largest share of positives.</param>
/// <param name="random">The randomness of an image, by its place in the batch.</param>
internal sealed class BalancedSampler(int size, double positiveFraction, Func<int, TrainingRandom> random) : IRegionSampler
{
    /// <inheritdoc/>
    public RegionSample Sample(int image, ReadOnlySpan<int> matches)
    {
        List<int> positives = [], negatives = [];
        for (int i = 0; i < matches.Length; i++)
        {
            if (matches[i] >= 0)
                positives.Add(i);
            else if (matches[i] == Matcher.Background)
                negatives.Add(i);
        }

        TrainingRandom own = random(image);
        int[] chosen = Choose(positives, (int)(size * positiveFraction), own);
        return new RegionSample(chosen, Choose(negatives, size - chosen.Length, own));
    }

    /// <summary>Some of the candidates, ascending; all where there are no more.</summary>
    private static int[] Choose(List<int> candidates, int count, TrainingRandom random)
    {
        if (candidates.Count <= count)
            return [.. candidates];
        for (int i = 0; i < count; i++)
        {
            int other = i + random.Next(candidates.Count - i);
            (candidates[i], candidates[other]) = (candidates[other], candidates[i]);
        }

        int[] chosen = [.. candidates.Take(count)];
        Array.Sort(chosen);
        return chosen;
    }
}
