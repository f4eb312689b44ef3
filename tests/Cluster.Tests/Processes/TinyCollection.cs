using System.Globalization;
using System.Text.Json;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>The small golden model, and a collection of its two images under many names, three of them broken.</summary>
internal sealed class TinyCollection : IDisposable
{
    /// <summary>Images that can be read.</summary>
    public const int Good = 120;

    /// <summary>Images that cannot.</summary>
    public const int Bad = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    /// <summary>Writes it.</summary>
    public static async Task<TinyCollection> CreateAsync()
    {
        var collection = new TinyCollection();
        await collection.WriteAnnotationsAsync();
        return collection;
    }

    private TinyCollection()
    {
        TinyModel.Write(Model);
        for (int i = 0; i < Good; i++) AddImage(NameOf(i), i % 2);
        Write("images/broken/empty.png", []);
        Write("images/broken/half.png", File.ReadAllBytes(Repository.Golden("tiny_img0.png"))[..2000]);
        Write("images/text.png", "this is a text"u8.ToArray());
    }

    public string Model => Path("model.safetensors");

    public string Images => Path("images");

    public string Annotations => Path("instances.json");

    public string Path(string relative) => System.IO.Path.Combine(_folder.FullName, relative);

    public void Dispose() => _folder.Delete(recursive: true);

    private static string NameOf(int image) => string.Create(CultureInfo.InvariantCulture, $"{(image % 3 == 0 ? "a/" : "")}{image:D3}.png");

    private void AddImage(string relative, int index) => Write($"images/{relative}", File.ReadAllBytes(Repository.Golden($"tiny_img{index}.png")));

    private void Write(string relative, byte[] bytes)
    {
        string file = Path(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>
    /// Ground truth made of what the model finds in the two images, so that there is something to match: of each image another
    /// part of it, some of it in another category; and boxes where there is nothing. One broken image has ground truth, too;
    /// some good ones have none.
    /// </summary>
    private async Task WriteAnnotationsAsync()
    {
        JsonElement[][] found = await FindAsync();
        List<object> images = [], annotations = [];
        for (int i = 0; i < Good; i++)
        {
            if (i % 10 == 7) continue;
            images.Add(new { id = 1000 - i, file_name = NameOf(i), width = i % 2 == 0 ? 160 : 110, height = i % 2 == 0 ? 120 : 150 });
            for (int j = 0; j < found[i % 2].Length; j++)
            {
                JsonElement detection = found[i % 2][j];
                if ((i / 2 + j) % 3 == 0) continue;
                int category = detection.GetProperty("category_id").GetInt32();
                JsonElement box = detection.GetProperty("bbox");
                Add(1000 - i, (i + j) % 11 == 0 ? 10 + category % 40 : category, box, box[2].GetDouble() * box[3].GetDouble(), detection.GetProperty("segmentation"));
            }
            double x = 11 * i % 60, y = 7 * i % 60;
            Add(1000 - i, 10 * (1 + i % 4), new[] { x, y, 20, 30 }, 600, new[] { new[] { x, y, x + 20, y, x + 20, y + 30, x, y + 30 } });
        }
        images.Add(new { id = 5000, file_name = "broken/half.png", width = 160, height = 120 });
        Add(5000, 10, new[] { 1.0, 1, 30, 30 }, 900, new[] { new[] { 1.0, 1, 31, 1, 31, 31, 1, 31 } });
        var categories = Enumerable.Range(1, 4).Select(label => new { id = 10 * label, name = $"thing {label}" });
        await File.WriteAllTextAsync(Annotations, JsonSerializer.Serialize(new { images, annotations, categories }));

        void Add(int image, int category, object box, double area, object segmentation) =>
            annotations.Add(new { id = annotations.Count + 1, image_id = image, category_id = category, bbox = box, area, iscrowd = 0, segmentation });
    }

    /// <summary>What the model finds in the two images.</summary>
    private async Task<JsonElement[][]> FindAsync()
    {
        (await Cli.RunAsync("predict", "--model", Model, "--input", Path($"images/{NameOf(1)}"), Path($"images/{NameOf(2)}"), "--output", Path("two"))).Exits(0);
        JsonElement results = JsonDocument.Parse(await File.ReadAllBytesAsync(Path("two/results.json"))).RootElement;
        // Image 1 is the second of the two pictures.
        return [.. new[] { 2, 1 }.Select(id => results.EnumerateArray().Where(result => result.GetProperty("image_id").GetInt32() == id).ToArray())];
    }
}
