using CsCheck;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Augmentation;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Tests.Training.Augmentation;

public sealed class MirrorAndTurnTests
{
    private static readonly KeypointPairs Pairs = new([[0, 1], [3, 4]]);
    private static readonly Gen<TrainingSample> Samples = Gen.Select(Gen.Int[0, 100_000], Gen.Bool).Select((seed, boxes) =>
        boxes ? PaintedSample.WithBoxesOnly(PaintedSample.Create(seed)) : PaintedSample.Create(seed));

    [Fact]
    public void A_flip_across_is_undone_by_itself() => Samples.Sample(sample =>
    {
        TrainingSample before = PaintedSample.Copy(sample);
        PaintedSample.AssertSame(before, HorizontalFlip.Flip(HorizontalFlip.Flip(sample, Pairs), Pairs));
        PaintedSample.AssertSame(before, sample);
    }, iter: 40);

    [Fact]
    public void A_flip_down_is_undone_by_itself() => Samples.Sample(sample =>
    {
        TrainingSample before = PaintedSample.Copy(sample);
        PaintedSample.AssertSame(before, VerticalFlip.Flip(VerticalFlip.Flip(sample, Pairs), Pairs));
        PaintedSample.AssertSame(before, sample);
    }, iter: 40);

    [Fact]
    public void Quarter_turns_are_undone_by_those_that_are_left_to_a_whole() => Samples.Sample(sample =>
    {
        TrainingSample before = PaintedSample.Copy(sample);
        for (int quarters = 0; quarters <= 4; quarters++) PaintedSample.AssertSame(before, QuarterTurns.Turn(QuarterTurns.Turn(sample, quarters), 4 - quarters));
        PaintedSample.AssertSame(before, sample);
    }, iter: 20);

    [Fact]
    public void Half_a_turn_is_both_flips() => Samples.Sample(sample =>
        PaintedSample.AssertSame(QuarterTurns.Turn(sample, 2), VerticalFlip.Flip(HorizontalFlip.Flip(sample, Pairs), Pairs)), iter: 20);

    [Fact]
    public void Masks_boxes_and_keypoints_follow_the_pixels() => Gen.Int[0, 100_000].Sample(seed =>
    {
        TrainingSample sample = PaintedSample.Create(seed);
        PaintedSample.AssertMasksAreColors(sample);
        PaintedSample.AssertMasksAreColors(HorizontalFlip.Flip(sample, Pairs));
        PaintedSample.AssertMasksAreColors(VerticalFlip.Flip(sample, Pairs));
        for (int quarters = 1; quarters < 4; quarters++) PaintedSample.AssertMasksAreColors(QuarterTurns.Turn(sample, quarters));
    }, iter: 15);

    [Fact]
    public void Boxes_without_masks_go_where_boxes_with_masks_go() => Gen.Int[0, 100_000].Sample(seed =>
    {
        TrainingSample sample = PaintedSample.Create(seed);
        foreach (Func<TrainingSample, TrainingSample> move in (Func<TrainingSample, TrainingSample>[])[s => HorizontalFlip.Flip(s, Pairs), s => VerticalFlip.Flip(s, Pairs), s => QuarterTurns.Turn(s, 1)])
        {
            IEnumerable<Box> expected = move(sample).Instances.Select(i => new Box(i.Box.X1 + 0.25f, i.Box.Y1 + 0.25f, i.Box.X2 - 0.25f, i.Box.Y2 - 0.25f));
            Assert.Equal(expected, move(PaintedSample.WithBoxesOnly(sample)).Instances.Select(i => i.Box));
        }
    }, iter: 20);

    [Fact]
    public void A_mirror_swaps_left_and_right_and_a_turn_does_not()
    {
        TrainingSample sample = PaintedSample.Create(3) with { Instances = [new TrainingInstance(1, new Box(1, 2, 9, 12)) { Keypoints = [.. Enumerable.Range(0, 17).Select(i => new Keypoint(i, 2, 1 + i % 2))] }] };
        int width = sample.Image.Width;
        // COCO: nose 0, left eye 1, right eye 2, … left ankle 15, right ankle 16.
        IReadOnlyList<Keypoint> flipped = HorizontalFlip.Flip(sample, new KeypointPairs()).Instances[0].Keypoints!;
        Assert.Equal(new Keypoint(width, 2, 1), flipped[0]);
        Assert.Equal(new Keypoint(width - 2, 2, 1), flipped[1]);
        Assert.Equal(new Keypoint(width - 1, 2, 2), flipped[2]);
        Assert.Equal(new Keypoint(width - 15, 2, 2), flipped[16]);
        Assert.Equal(sample.Image.Height - 2, QuarterTurns.Turn(sample, 1).Instances[0].Keypoints![7].X);
        Assert.Equal(7, QuarterTurns.Turn(sample, 1).Instances[0].Keypoints![7].Y);
        Assert.Equal(new Keypoint(2, sample.Image.Height - 2, 1), VerticalFlip.Flip(sample, new KeypointPairs()).Instances[0].Keypoints![1]);
    }

    [Fact]
    public void Pairs_that_an_object_does_not_have_are_an_error()
    {
        TrainingSample sample = PaintedSample.Create(3);
        Assert.Contains("Keypoints 4 and 5 are a pair, but an object has 5", Assert.Throws<ArgumentException>(() => HorizontalFlip.Flip(sample, new KeypointPairs([[4, 5]]))).Message);
    }

    [Fact]
    public void Each_is_done_as_often_as_asked()
    {
        TrainingSample sample = PaintedSample.Create(5);
        Assert.InRange(Often(new HorizontalFlip(0.25, Pairs)), 200, 300);
        Assert.InRange(Often(new VerticalFlip(0.5, Pairs)), 440, 560);
        // A quarter of the turns is none.
        Assert.InRange(Often(new QuarterTurns(1)), 690, 810);
        Assert.Equal(0, Often(new HorizontalFlip(0, Pairs)));

        int Often(IAugmentation augmentation) => Enumerable.Range(0, 1000).Count(i => !ReferenceEquals(sample, augmentation.Apply(sample, TrainingRandom.Of(i))));
    }
}
