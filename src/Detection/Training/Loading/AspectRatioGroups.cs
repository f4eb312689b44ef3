using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Loading;

/// <summary>Groups of images by width over height, as torchvision's reference training has them (k = 3): the bounds are 2^-1, 2^-2/3, …, 2^1.</summary>
internal static class AspectRatioGroups
{
    private const int BoundsEachSide = 3;

    private static readonly double[] Bounds = [.. Enumerable.Range(-BoundsEachSide, 2 * BoundsEachSide + 1).Select(i => Math.Pow(2, (double)i / BoundsEachSide))];

    /// <summary>The group of each image, from 0 and without gaps.</summary>
    public static int[] Of(IReadOnlyList<TrainingImage> images)
    {
        // bisect_right, as torchvision's quantize has it: an image at a bound belongs above it.
        int[] bins = [.. images.Select(image => Bounds.Count(bound => bound <= (double)image.Width / image.Height))];
        int[] used = [.. bins.Distinct().Order()];
        return [.. bins.Select(bin => Array.IndexOf(used, bin))];
    }
}
