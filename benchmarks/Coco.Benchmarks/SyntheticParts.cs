using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Benchmarks;

/// <summary>Evaluation parts of many images, as workers would leave them.</summary>
internal static class SyntheticParts
{
    private const int ObjectsPerImage = 7, Categories = 80;

    public static readonly EvaluationParameters Parameters = EvaluationParameters.Default(IouType.Bbox);

    /// <summary>Writes the parts; equal arguments give equal files.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="images">How many.</param>
    /// <param name="imagesPerPart">Of a part.</param>
    /// <param name="detectionsPerImage">Of an image.</param>
    public static void Write(string folder, int images, int imagesPerPart, int detectionsPerImage)
    {
        Directory.CreateDirectory(folder);
        long[] categories = [.. Enumerable.Range(1, Categories).Select(c => (long)c)];
        Parallel.For(0, (images + imagesPerPart - 1) / imagesPerPart, part =>
        {
            var matcher = new ImageMatcher(Parameters, categories);
            var builder = new EvaluationPartBuilder(Parameters, categories);
            for (int image = part * imagesPerPart; image < Math.Min(images, (part + 1) * imagesPerPart); image++)
            {
                var random = new Random(image);
                GroundTruth[] objects = [.. Enumerable.Range(0, ObjectsPerImage).Select(i => Object(random, (long)image * ObjectsPerImage + i + 1))];
                Detection[] detections = [.. Enumerable.Range(0, detectionsPerImage).Select(_ => Detection(random, objects))];
                builder.Add(matcher.Match(image, objects, detections));
            }
            using FileStream file = File.Create(Path.Combine(folder, $"part-{part:D6}.bin"));
            builder.WriteTo(file);
        });
    }

    private static int PickCategory(Random random) => 1 + (int)(Categories * Math.Pow(random.NextDouble(), 2));

    private static GroundTruth Object(Random random, long id)
    {
        double side = 8 * Math.Exp(3.5 * random.NextDouble());
        var box = new BoundingBox(random.NextDouble() * 500, random.NextDouble() * 400, side, side);
        return new GroundTruth { Id = id, CategoryId = PickCategory(random), Box = box, Area = box.Area };
    }

    private static Detection Detection(Random random, GroundTruth[] objects)
    {
        GroundTruth near = random.Next(3) == 0 ? objects[random.Next(objects.Length)] : Object(random, 0);
        var box = new BoundingBox(near.Box.X + .2 * near.Box.Width * (random.NextDouble() - .5), near.Box.Y, near.Box.Width, near.Box.Height * (1 - .2 * random.NextDouble()));
        return new Detection { CategoryId = near.CategoryId, Score = (float)random.NextDouble(), Box = box, Area = box.Area };
    }
}
