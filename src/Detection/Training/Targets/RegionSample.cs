namespace MaskRcnn.Detection.Training.Targets;

/// <summary>The boxes of an image that a loss looks at.</summary>
/// <param name="Positives">Indices of boxes that belong to an object, ascending.</param>
/// <param name="Negatives">Indices of background boxes, ascending.</param>
internal sealed record RegionSample(int[] Positives, int[] Negatives)
{
    /// <summary>Both together, ascending.</summary>
    public int[] All { get; } = [.. Positives.Concat(Negatives).Order()];
}

/// <summary>Chooses the boxes of an image that a loss looks at.</summary>
internal interface IRegionSampler
{
    /// <summary>Chooses some boxes.</summary>
    /// <param name="image">Place of the image in the batch.</param>
    /// <param name="matches">A box's object, <see cref="Matcher.Background"/> or <see cref="Matcher.Ignored"/>.</param>
    RegionSample Sample(int image, ReadOnlySpan<int> matches);
}
