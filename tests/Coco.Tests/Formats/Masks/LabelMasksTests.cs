using CsCheck;
using MaskRcnn.Coco.Formats.Images;
using MaskRcnn.Coco.Formats.Masks;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Formats.Masks;

public sealed class LabelMasksTests
{
    [Fact]
    public void Each_label_is_the_mask_of_its_pixels()
    {
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12]).SelectMany((w, h) => Gen.UInt[0, 4].Array[w * h].Select(labels => new LabelImage(h, w, labels))).Sample(image =>
        {
            SortedDictionary<uint, Rle> masks = LabelMasks.Of(image);
            Assert.Equal(image.Labels.Where(l => l != 0).Distinct().Order(), masks.Keys);
            foreach ((uint label, Rle mask) in masks)
                Assert.True(mask.SameAs(RleDense.Encode([.. image.Labels.Select(l => (byte)(l == label ? 1 : 0))], image.Height, image.Width)));
        });
    }

    [Fact]
    public void The_smaller_object_is_on_top_then_the_earlier_and_crowds_are_below()
    {
        Rle large = SampleData.Mask("####"), left = SampleData.Mask("##.."), middle = SampleData.Mask(".##."), speck = SampleData.Mask("...#");
        (LabelImage image, long overlap) = MaskPainter.Paint([(speck, true), (large, false), (left, false), (middle, false)], 1, 4);
        Assert.Equal([3u, 3u, 4u, 2u], image.Labels);
        Assert.Equal(4, overlap);
    }

    [Fact]
    public void Overlapping_pixels_are_those_of_two_or_more_masks()
    {
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 8]).SelectMany((w, h) => SampleData.MasksOf(h, w).Array[0, 5].Select(masks => (w, h, masks))).Sample(test =>
        {
            (int width, int height, Rle[] masks) = test;
            byte[][] dense = [.. masks.Select(RleDense.Decode)];
            long expected = Enumerable.Range(0, width * height).Count(p => dense.Count(d => d[p] != 0) > 1);
            Assert.Equal(expected, MaskPainter.Paint([.. masks.Select(m => (m, false))], height, width).OverlappingPixels);
        });
    }
}
