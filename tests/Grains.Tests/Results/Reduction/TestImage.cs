using System.Globalization;
using System.Text;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

/// <summary>An image of a made-up collection, and what became of it.</summary>
internal sealed record TestImage(string Name, long? Id, string? Cause, bool GivenUp, BoundingBox[] Objects, (BoundingBox Box, long Category, float Score)[] Found)
{
    public const int Size = 64;

    public static readonly long[] Categories = [3, 7];

    public bool IsDone => Cause is null;

    public byte[] MaskEntry => PlainTar.Entry(Name + ".json", Encoding.UTF8.GetBytes($"{{\"image\":\"{Name}\",\"instances\":{Found.Length}}}"));

    public byte[] ThumbnailEntry => PlainTar.Entry(Name + ".jpg", Encoding.UTF8.GetBytes("thumbnail of " + Name + new string('.', 7 * Found.Length)));

    public string[] DetectionLines => Id is null ? [] : [.. Found.Select(f => string.Create(CultureInfo.InvariantCulture,
        $"{{\"image_id\":{Id},\"category_id\":{f.Category},\"bbox\":[{f.Box.X},{f.Box.Y},{f.Box.Width},{f.Box.Height}],\"score\":{f.Score},\"segmentation\":{{\"size\":[{Size},{Size}],\"counts\":\"{Mask(f.Box).ToCompressed().Replace("\\", "\\\\", StringComparison.Ordinal)}\"}}}}"))];

    public static Rle Mask(BoundingBox box) => PolygonRasterizer.Rasterize(box, Size, Size);

    public string[] AnnotationLines(long firstId) => [.. Objects.Select((box, i) => string.Create(CultureInfo.InvariantCulture,
        $"{{\"id\":{firstId + i},\"image_id\":{Id},\"category_id\":{Categories[i % 2]},\"bbox\":[{box.X},{box.Y},{box.Width},{box.Height}],\"area\":{box.Area},\"iscrowd\":0,\"segmentation\":{{\"size\":[{Size},{Size}],\"counts\":\"{Mask(box).ToCompressed().Replace("\\", "\\\\", StringComparison.Ordinal)}\"}}}}"))];

    public ImageMatches Match(IouType type, long firstId, EvaluationParameters parameters) => new ImageMatcher(parameters, Categories).Match(
        Id!.Value,
        [.. Objects.Select((box, i) => new GroundTruth { Id = firstId + i, CategoryId = Categories[i % 2], Box = box, Area = box.Area, Mask = type == IouType.Segm ? Mask(box) : null })],
        IsDone ? [.. Found.Select(f => new Coco.Evaluation.Matching.Detection { CategoryId = f.Category, Score = f.Score, Box = f.Box, Area = f.Box.Area, Mask = type == IouType.Segm ? Mask(f.Box) : null })] : []);

    /// <summary>Images with names in order, of which some fail and some are not annotated.</summary>
    public static TestImage[] Random(int count, int seed, bool annotated)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => One(random, i, annotated))];
    }

    private static TestImage One(Random random, int index, bool annotated)
    {
        bool failed = random.Next(5) == 0;
        BoundingBox[] objects = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Box(random))];
        (BoundingBox, long, float)[] found = failed ? [] : [.. Enumerable.Range(0, random.Next(5)).Select(i =>
            (i < objects.Length && random.Next(3) > 0 ? objects[i] : Box(random), Categories[i % 2], random.Next(1, 10) / 10f))];
        string folder = random.Next(8) == 0 ? "a folder with a ‘long’ name/" + new string('x', 90) + "/" : "";
        long? id = !annotated ? index + 1 : random.Next(6) == 0 ? null : 1000 - index;
        string? cause = !failed ? null : random.Next(3) == 0 ? "poisonous" : random.Next(2) == 0 ? "damaged" : "empty";
        return new TestImage($"{index:D5}/{folder}é.png", id, cause, cause == "poisonous", objects, found);
    }

    private static BoundingBox Box(Random random) => new(random.Next(30), random.Next(30), 2 + random.Next(30), 2 + random.Next(30));
}
