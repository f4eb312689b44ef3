using System.Text.Json.Nodes;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Listing;

namespace MaskRcnn.Grains.Tests.Listing;

public sealed class GroundTruthSlicesTests : IDisposable
{
    private const int Images = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("slices").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Evaluating_slices_gives_each_image_what_evaluating_the_whole_gives()
    {
        string whole = Write("gt.json", GroundTruth(1));
        CocoDataset dataset = CocoReader.ReadDataset(whole);
        var slices = new GroundTruthSlices(dataset);
        FileEvaluationReport expected = Evaluate(whole, Results(id => true));
        List<ImageRow> rows = [];
        foreach (ListedImage[] segment in dataset.Images.Select(i => new ListedImage(i.FileName, 1, "e", i.Id)).Order(Comparer<ListedImage>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))).Chunk(7))
        {
            string file = Path.Combine(_folder, "slice.json");
            File.WriteAllBytes(file, slices.Slice([.. segment, new ListedImage("not annotated", 1, "e", null)]));
            rows.AddRange(Evaluate(file, Results(id => segment.Any(i => i.Id == id))).Images);
        }
        Assert.Equal(expected.Images, rows.OrderBy(row => row.ImageId));

        // All in one slice: the numbers to the last bit.
        string all = Path.Combine(_folder, "all.json");
        File.WriteAllBytes(all, slices.Slice(dataset.Images.Select(i => new ListedImage(i.FileName, 1, "e", i.Id))));
        Assert.Equal(expected.Summary.Lines.Select(line => line.Value), Evaluate(all, Results(id => true)).Summary.Lines.Select(line => line.Value));
    }

    [Fact]
    public void Annotations_and_images_keep_every_member_and_their_order()
    {
        string whole = GroundTruth(2);
        var slices = new GroundTruthSlices(CocoReader.ReadDataset(Write("gt.json", whole)));
        long[] ids = [3, 17, 5];
        JsonObject slice = JsonNode.Parse(slices.Slice(ids.Select(id => new ListedImage($"{id}.png", 1, "e", id))))!.AsObject();
        JsonObject source = JsonNode.Parse(whole)!.AsObject();
        Assert.True(JsonNode.DeepEquals(source["categories"], slice["categories"]));
        Same(source["images"]!.AsArray().Where(i => ids.Contains((long)i!["id"]!)), slice["images"]!.AsArray());
        Same(source["annotations"]!.AsArray().Where(a => ids.Contains((long)a!["image_id"]!)), slice["annotations"]!.AsArray());
    }

    [Fact]
    public void The_same_images_give_the_same_bytes()
    {
        var slices = new GroundTruthSlices(CocoReader.ReadDataset(Write("gt.json", GroundTruth(3))));
        ListedImage[] images = [new("1.png", 1, "e", 1), new("2.png", 1, "e", 2), new("9999.png", 1, "e", 9999)];
        Assert.Equal(slices.Slice(images), slices.Slice(images.Reverse()));
        Assert.Empty(JsonNode.Parse(slices.Slice([]))!["images"]!.AsArray());
    }

    private static void Same(IEnumerable<JsonNode?> expected, JsonArray actual)
    {
        JsonNode?[] nodes = [.. expected];
        Assert.Equal(nodes.Length, actual.Count);
        Assert.NotEmpty(nodes);
        for (int i = 0; i < nodes.Length; i++) Assert.True(JsonNode.DeepEquals(nodes[i], actual[i]), $"{nodes[i]} became {actual[i]}.");
    }

    private static FileEvaluationReport Evaluate(string groundTruth, string results)
    {
        string file = Path.Combine(Path.GetDirectoryName(groundTruth)!, "dt.json");
        File.WriteAllText(file, results);
        return FileEvaluation.Run(new FileEvaluationOptions { GroundTruthPath = groundTruth, ResultsPath = file, Parameters = EvaluationParameters.Default(IouType.Bbox), PerImage = true });
    }

    /// <summary>Objects of all images, mixed, with crowds, odd areas and members of their own.</summary>
    private static string GroundTruth(int seed)
    {
        var random = new Random(seed);
        JsonNode[] images = [.. Enumerable.Range(1, Images).Reverse().Select(id => new JsonObject { ["id"] = id, ["file_name"] = $"{id}.png", ["height"] = 100, ["width"] = 120, ["licence"] = id % 3 })];
        JsonNode[] annotations = [.. Enumerable.Range(0, 200).Select(i =>
        {
            double x = random.NextDouble() * 90, y = random.NextDouble() * 70, side = 5 + random.NextDouble() * 25;
            return new JsonObject
            {
                ["id"] = 10_000_000_000 - i, ["image_id"] = random.Next(1, Images + 1), ["category_id"] = random.Next(1, 3), ["bbox"] = new JsonArray(x, y, side, side),
                ["area"] = side * side * 0.7, ["iscrowd"] = random.Next(8) == 0 ? 1 : 0,
                ["segmentation"] = new JsonArray(new JsonArray(x, y, x + side, y, x + side, y + side)), ["reader"] = $"person {i % 4}",
            };
        })];
        return new JsonObject { ["info"] = "x", ["images"] = new JsonArray(images), ["annotations"] = new JsonArray(annotations), ["categories"] = new JsonArray(new JsonObject { ["id"] = 1, ["name"] = "a" }, new JsonObject { ["id"] = 2, ["name"] = "b" }) }.ToJsonString();
    }

    private static string Results(Func<int, bool> image)
    {
        var random = new Random(5);
        JsonNode[] results = [.. Enumerable.Range(0, 400).Select(i => (Image: random.Next(1, Images + 1), Node: new JsonObject
        {
            ["category_id"] = random.Next(1, 3), ["score"] = random.NextDouble(),
            ["bbox"] = new JsonArray(random.NextDouble() * 90, random.NextDouble() * 70, 5 + random.NextDouble() * 25, 5 + random.NextDouble() * 25),
        })).Where(r => image(r.Image)).Select(r =>
        {
            r.Node["image_id"] = r.Image;
            return r.Node;
        })];
        return new JsonArray(results).ToJsonString();
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
