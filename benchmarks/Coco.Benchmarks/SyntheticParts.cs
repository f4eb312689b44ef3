using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Coco.Masks;
using ScoredObject = MaskRcnn.Coco.Evaluation.Matching.Detection;

namespace MaskRcnn.Coco.Benchmarks;

/// <summary>Evaluation parts of many images, as workers would leave them.</summary>
internal static class SyntheticParts
{
    private const int ObjectsPerImage = 7, DetectionsPerImage = 100;

    /// <summary>How many classes there are.</summary>
    public const int Categories = 80;

    public static readonly EvaluationParameters Parameters = EvaluationParameters.Default(IouType.Bbox);

    /// <summary>Writes the parts; equal arguments give equal files.</summary>
    public static void Write(string folder, int images, int imagesPerPart)
    {
        Directory.CreateDirectory(folder);
        Parallel.For(0, (images + imagesPerPart - 1) / imagesPerPart, part =>
        {
            using FileStream file = File.Create(Path.Combine(folder, $"part-{part:D6}.bin"));
            Part(part * imagesPerPart, Math.Min(images, (part + 1) * imagesPerPart), DetectionsPerImage).WriteTo(file);
        });
    }

    /// <summary>The part of some images, in memory.</summary>
    /// <param name="first">The first one.</param>
    /// <param name="end">After the last one.</param>
    /// <param name="detectionsPerImage">Detections of each.</param>
    public static EvaluationPartBuilder Part(int first, int end, int detectionsPerImage)
    {
        long[] categories = [.. Enumerable.Range(1, Categories).Select(c => (long)c)];
        var matcher = new ImageMatcher(Parameters, categories);
        var builder = new EvaluationPartBuilder(Parameters, categories);
        for (int image = first; image < end; image++)
        {
            var random = new Random(image);
            GroundTruth[] objects = [.. Enumerable.Range(0, ObjectsPerImage).Select(i => Object(random, (long)image * ObjectsPerImage + i + 1))];
            ScoredObject[] detections = [.. Enumerable.Range(0, detectionsPerImage).Select(_ => Found(random, objects))];
            builder.Add(matcher.Match(image, objects, detections));
        }
        return builder;
    }

    private static int PickCategory(Random random) => 1 + (int)(Categories * Math.Pow(random.NextDouble(), 2));

    private static GroundTruth Object(Random random, long id)
    {
        double side = 8 * Math.Exp(3.5 * random.NextDouble());
        var box = new BoundingBox(random.NextDouble() * 500, random.NextDouble() * 400, side, side);
        return new GroundTruth { Id = id, CategoryId = PickCategory(random), Box = box, Area = box.Area };
    }

    private static ScoredObject Found(Random random, GroundTruth[] objects)
    {
        GroundTruth near = random.Next(3) == 0 ? objects[random.Next(objects.Length)] : Object(random, 0);
        var box = new BoundingBox(near.Box.X + .2 * near.Box.Width * (random.NextDouble() - .5), near.Box.Y, near.Box.Width, near.Box.Height * (1 - .2 * random.NextDouble()));
        return new ScoredObject { CategoryId = near.CategoryId, Score = (float)random.NextDouble(), Box = box, Area = box.Area };
    }
}
