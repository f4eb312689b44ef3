using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Targets;

namespace MaskRcnn.Detection.Training.Losses;

/// <summary>The regions of one image that the second stage learns from.</summary>
/// <param name="Targets">The image's objects.</param>
/// <param name="Boxes">The regions, in resized pixels.</param>
/// <param name="Objects">The object of each region; <see cref="Matcher.Background"/> for none.</param>
internal sealed record SampledRegions(ImageTargets Targets, Box[] Boxes, int[] Objects)
{
    /// <summary>The label of each region; 0 is the background.</summary>
    public IEnumerable<int> Labels => Objects.Select(o => o < 0 ? 0 : Targets.Labels[o]);

    /// <summary>Indices of the regions that belong to an object.</summary>
    public int[] Positives { get; } = [.. Enumerable.Range(0, Objects.Length).Where(i => Objects[i] >= 0)];

    /// <summary>The positive regions.</summary>
    public Box[] PositiveBoxes => [.. Positives.Select(i => Boxes[i])];

    /// <summary>
    /// Takes an image's proposals and, so that there is always something to learn, the objects' own boxes; matches and
    /// samples them.
    /// </summary>
    public static SampledRegions Of(int image, ImageTargets targets, IReadOnlyList<Box> proposals, SamplingConfiguration sampling, IRegionSampler sampler)
    {
        Box[] candidates = [.. proposals, .. targets.Boxes];
        int[] matches = new Matcher(sampling.ForegroundIou, sampling.BackgroundIou, everyObject: false).Match(targets.Boxes, candidates);
        int[] chosen = sampler.Sample(image, matches).All;
        return new SampledRegions(targets, [.. chosen.Select(i => candidates[i])], [.. chosen.Select(i => matches[i])]);
    }
}
