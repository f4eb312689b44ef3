using CsCheck;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Evaluation;

/// <summary>A small random evaluation: few places for boxes and few scores, so that overlaps and ties are common.</summary>
internal sealed record Problem(EvaluationParameters Parameters, long[] Categories, Problem.Image[] Images)
{
    public sealed record Image(long Id, GroundTruth[] Objects, Detection[] Detections);

    public static readonly Gen<Problem> Gen = Random(fixTraps: false);

    public static Gen<Problem> Random(bool fixTraps) =>
        from seed in CsCheck.Gen.Int[0, int.MaxValue]
        from images in CsCheck.Gen.Int[0, 12]
        from perImage in CsCheck.Gen.Int[0, 12]
        from classAgnostic in CsCheck.Gen.Bool
        from instances in CsCheck.Gen.Bool
        select Create(new Random(seed), images, perImage, classAgnostic, instances, fixTraps);

    public ImageMatches Match(ImageMatcher matcher, Image image) => matcher.Match(image.Id, image.Objects, image.Detections);

    public ImageMatcher NewMatcher() => new(Parameters, Categories);

    /// <summary>The part of some of the images.</summary>
    public EvaluationPart Part(IEnumerable<Image> images)
    {
        ImageMatcher matcher = NewMatcher();
        var builder = new EvaluationPartBuilder(Parameters, Categories);
        foreach (Image image in images) builder.Add(Match(matcher, image));
        return builder.Build();
    }

    private static Problem Create(Random random, int images, int perImage, bool classAgnostic, bool instances, bool fixTraps)
    {
        long[] categories = [2, 5, 9];
        EvaluationParameters parameters = EvaluationParameters.Default(IouType.Bbox) with
        {
            ClassAgnostic = classAgnostic,
            InstanceScoreThreshold = instances ? .3 : null,
            FixKnownTraps = fixTraps,
            MaxDetections = random.Next(2) == 0 ? [1, 10, 100] : [2, 3, 5],
            AreaRanges = [new("all", 0, 1e10), new("small", 0, 40), new("medium", 40, 80), new("large", 80, 1e10)],
        };
        long id = fixTraps || random.Next(4) > 0 ? 1 : 0;
        var list = new List<Image>();
        for (int i = 0; i < images; i++)
        {
            GroundTruth[] objects = [.. Enumerable.Range(0, random.Next(perImage + 1)).Select(_ =>
            {
                BoundingBox box = Box(random);
                return new GroundTruth { Id = id++, CategoryId = categories[random.Next(3)], Box = box, Area = box.Area * (random.Next(3) == 0 ? .7 : 1), IsCrowd = random.Next(6) == 0 };
            })];
            Detection[] detections = [.. Enumerable.Range(0, random.Next(2 * perImage + 1)).Select(_ =>
            {
                BoundingBox box = objects.Length > 0 && random.Next(2) == 0 ? Near(random, objects[random.Next(objects.Length)].Box) : Box(random);
                return new Detection { CategoryId = random.Next(20) == 0 ? 777 : categories[random.Next(3)], Score = random.Next(11) / 10.0, Box = box, Area = box.Area };
            })];
            list.Add(new Image(random.NextInt64(-50, 50) * 1000 + i, objects, detections));
        }
        return new Problem(parameters, categories, [.. list]);
    }

    private static BoundingBox Box(Random random) => new(random.Next(8), random.Next(8), 2 + random.Next(10), 2 + random.Next(10));

    private static BoundingBox Near(Random random, BoundingBox box) =>
        new(box.X + random.Next(3) * .5, box.Y, box.Width + random.Next(2), box.Height + random.Next(2) * .25);
}
