using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Training.Targets;

namespace MaskRcnn.Detection.Tests.Training.Losses;

/// <summary>The boxes that torchvision's sampler chose; also checks that they are of the kinds that it saw.</summary>
internal sealed class InjectedSampler(GoldenFile golden, string prefix) : IRegionSampler
{
    public RegionSample Sample(int image, ReadOnlySpan<int> matches)
    {
        int[] positives = Indices("pos"), negatives = Indices("neg");
        foreach (int i in positives)
            Assert.True(matches[i] >= 0, $"{prefix}: box {i} of image {image} is positive for torchvision, here its match is {matches[i]}");
        foreach (int i in negatives)
            Assert.True(matches[i] == Matcher.Background, $"{prefix}: box {i} of image {image} is background for torchvision, here its match is {matches[i]}");
        return new RegionSample(positives, negatives);

        int[] Indices(string kind) => [.. golden.Integers($"{prefix}.{kind}.{image}").Select(i => (int)i)];
    }
}
