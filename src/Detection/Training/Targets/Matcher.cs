using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;

namespace MaskRcnn.Detection.Training.Targets;

/// <summary>Which object each box (an anchor or a proposal) belongs to, by IoU (Faster R-CNN, section 3.1.2).</summary>
/// <param name="foreground">IoU from which a box belongs to its best object.</param>
/// <param name="background">IoU below which it is background.</param>
/// <param name="everyObject">Whether each object also gets the boxes that overlap it most, however little.</param>
internal sealed class Matcher(double foreground, double background, bool everyObject)
{
    /// <summary>The box belongs to no object.</summary>
    public const int Background = -1;

    /// <summary>The box overlaps an object too much for one and too little for the other; it is not used.</summary>
    public const int Ignored = -2;

    private const int Block = 4096;

    /// <summary>Matches boxes with objects.</summary>
    /// <param name="objects">The objects' boxes.</param>
    /// <param name="boxes">The boxes.</param>
    /// <returns>For each box the index of its object, <see cref="Background"/> or <see cref="Ignored"/>.</returns>
    public int[] Match(IReadOnlyList<Box> objects, IReadOnlyList<Box> boxes) => Match(objects.Count, boxes.Count, (o, i) => BoxGeometry.Iou(objects[o], boxes[i]));

    /// <summary>Matches by given overlaps.</summary>
    /// <param name="objects">Number of objects.</param>
    /// <param name="boxes">Number of boxes.</param>
    /// <param name="overlap">The IoU of an object and a box.</param>
    /// <remarks>
    /// With <c>everyObject</c>, all boxes that have an object's largest IoU, ties included, get back their own best
    /// object, which may be another one. So does torchvision.
    /// </remarks>
    public int[] Match(int objects, int boxes, Func<int, int, float> overlap)
    {
        int[] matches = new int[boxes];
        if (objects == 0)
        {
            Array.Fill(matches, Background);
            return matches;
        }

        (float high, float low) = ((float)foreground, (float)background);
        int blocks = (boxes + Block - 1) / Block;
        int[] best = new int[boxes];
        float[][] largest = new float[blocks][];
        KernelThreads.For(blocks, block =>
        {
            float[] own = largest[block] = new float[objects];
            for (int i = block * Block; i < Math.Min(boxes, (block + 1) * Block); i++)
            {
                float most = float.NegativeInfinity;
                for (int o = 0; o < own.Length; o++)
                {
                    float iou = overlap(o, i);
                    own[o] = Math.Max(own[o], iou);
                    if (iou > most)
                        (most, best[i]) = (iou, o);
                }

                matches[i] = most < low ? Background : most < high ? Ignored : best[i];
            }
        });
        if (everyObject)
            MatchEveryObject(boxes, overlap, best, [.. Enumerable.Range(0, objects).Select(o => largest.Max(block => block[o]))], matches);
        return matches;
    }

    private static void MatchEveryObject(int boxes, Func<int, int, float> overlap, int[] best, float[] largest, int[] matches) =>
        KernelThreads.For((boxes + Block - 1) / Block, block =>
        {
            for (int i = block * Block; i < Math.Min(boxes, (block + 1) * Block); i++)
            {
                if (matches[i] >= 0)
                    continue;
                for (int o = 0; o < largest.Length && matches[i] < 0; o++)
                {
                    if (overlap(o, i) == largest[o])
                        matches[i] = best[i];
                }
            }
        });
}
