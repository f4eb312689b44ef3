using CsCheck;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Augmentation;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Tests.Training.Augmentation;

public sealed class CopyPasteTests
{
    private const double KeepShare = 0.3;

    private static readonly Gen<(TrainingSample Sample, TrainingSample Other, int Seed)> Cases =
        Gen.Int[0, 100_000].Select(seed => (PaintedSample.Create(seed), PaintedSample.Create(seed + 1, firstLabel: 9), seed));

    [Fact]
    public void Masks_are_the_pixels_of_their_objects_on_top_and_beneath() => Cases.Sample(c =>
    {
        (TrainingSample before, TrainingSample otherBefore) = (PaintedSample.Copy(c.Sample), PaintedSample.Copy(c.Other));
        TrainingSample pasted = Paste(c.Sample, c.Other, c.Seed);
        PaintedSample.AssertSame(before, c.Sample);
        PaintedSample.AssertSame(otherBefore, c.Other);
        PaintedSample.AssertSound(pasted);
        foreach (TrainingInstance instance in pasted.Instances)
        {
            for (int y = 0; y < pasted.Image.Height; y++)
            {
                for (int x = 0; x < pasted.Image.Width; x++) Assert.Equal(PaintedSample.Has(pasted.Image, x, y, instance.Label), instance.Mask!.Has(x, y));
            }
            // What can still be seen lies on the object; hidden ones may be under another.
            Assert.All(instance.Keypoints!.Where(k => k.Visibility == 2), k => Assert.True(instance.Mask!.Has((int)k.X, (int)k.Y)));
        }
    }, iter: 40);

    [Fact]
    public void An_object_stays_exactly_when_enough_of_it_is_left() => Cases.Sample(c =>
    {
        TrainingSample pasted = Paste(c.Sample, c.Other, c.Seed);
        foreach (TrainingInstance whole in c.Sample.Instances)
        {
            int left = Enumerable.Range(0, pasted.Image.Width * pasted.Image.Height).Count(i => PaintedSample.Has(pasted.Image, i % pasted.Image.Width, i / pasted.Image.Width, whole.Label));
            Assert.Equal(left > 0 && left >= KeepShare * whole.Mask!.Area, pasted.Instances.Any(i => i.Label == whole.Label));
        }
        Assert.InRange(pasted.Instances.Count(i => i.Label >= 9), c.Other.Instances.Any(Fits) ? 1 : 0, 3);

        bool Fits(TrainingInstance instance)
        {
            long inside = instance.Mask!.AreaWithin(0, 0, c.Sample.Image.Width, c.Sample.Image.Height);
            return inside > 0 && inside >= KeepShare * instance.Mask.Area;
        }
    }, iter: 40);

    [Fact]
    public void An_object_without_a_mask_is_not_pasted_and_is_dropped_when_its_box_is_covered()
    {
        TrainingSample sample = PaintedSample.Create(1);
        int width = sample.Image.Width, height = sample.Image.Height;
        TrainingInstance Mask(int label, int x, int y, int w, int h) => TrainingInstance.Of(label, InstanceMask.Of(x, y, w, h, [.. Enumerable.Repeat((byte)1, w * h)])!);
        sample = sample with { Instances = [new TrainingInstance(1, new Box(0.5f, 0.5f, 4, 4)) { Keypoints = [new(2, 2, 2), new(18, 18, 2)] }, new TrainingInstance(2, new Box(0, 0, 20, 20)) { Keypoints = [new(2, 2, 2), new(18, 18, 2), new(2, 3, 1)] }] };
        TrainingSample pasted = Paste(sample, sample with { Instances = [new TrainingInstance(3, new Box(0, 0, 9, 9))] }, 1);
        Assert.Same(sample, pasted);
        pasted = Paste(sample, sample with { Instances = [Mask(4, 0, 0, 8, 8)] }, 1);
        Assert.Equal([2, 4], pasted.Instances.Select(i => i.Label));
        Assert.Equal([new Keypoint(2, 2, 1), new Keypoint(18, 18, 2), new Keypoint(2, 3, 1)], pasted.Instances[0].Keypoints!);
        Assert.Equal(new Box(0, 0, 20, 20), pasted.Instances[0].Box);
        Assert.True(width >= 20 && height >= 20);
    }

    private static TrainingSample Paste(TrainingSample sample, TrainingSample other, int seed) =>
        new CopyPaste(1, 3, KeepShare, _ => other).Apply(sample, TrainingRandom.Of(seed));
}
