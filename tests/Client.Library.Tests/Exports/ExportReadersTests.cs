using System.Text.Json;
using MaskRcnn.Client.Exports;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Client.Results;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Client.Library.Tests.Exports;

/// <summary>Every picture and text format, opened by a program that knows nothing of ours, must show what was drawn.</summary>
public sealed class ExportReadersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static IEnumerable<DrawnImage> Done(DrawnResult result) => result.Images.Where(image => image.Cause is null);

    [Fact]
    public async Task The_COCO_data_set_has_every_image_and_every_drawn_pixel()
    {
        DrawnResult result = DrawnResult.Small();
        ExportReport report = await ExportAsync(result, ExportFormat.Coco);
        Assert.Equal((5, 1, 7), (report.Images, report.Failed, report.Detections));
        AssertSame(
            Done(result).Select(image => new
            {
                image = image.Name,
                size = new[] { image.Height, image.Width },
                instances = image.Instances.Select(i => new { category = result.Categories[i.CategoryId], score = i.Score, bbox = i.Bbox, mask = i.Mask }),
            }),
            PythonReader.Read("coco", _folder.Root), "id");
    }

    [Fact]
    public async Task Images_that_the_annotations_do_not_name_get_ids_that_no_other_has()
    {
        await ExportAsync(DrawnResult.Small(), ExportFormat.Coco);
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(_folder.File("instances.json")));
        Assert.Equal([5, 9, 2, 10, 11], file.RootElement.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("id").GetInt64()));
    }

    [Fact]
    public async Task YOLO_texts_show_the_largest_part_of_each_mask_without_its_holes()
    {
        DrawnResult result = DrawnResult.Small();
        ExportReport report = await ExportAsync(result, ExportFormat.Yolo);
        Assert.Equal((6, 1, 1, 1), (report.Detections, report.Empty, report.LostParts, report.LostHoles));
        string[] filled = ["###....", "###....", "###....", ".......", "......."];
        AssertSame(
            Done(result).Select(image => new
            {
                image = Path.ChangeExtension(image.Name, null),
                instances = image.Instances.Where(i => i.Mask!.Any(row => row.Contains('#', StringComparison.Ordinal)))
                    .Select(i => new { category = result.Categories[i.CategoryId], mask = image.Name == "b/c.jpg" ? filled : i.Mask }),
            }),
            PythonReader.Read("yolo", _folder.Root, Sizes(result)));
    }

    [Fact]
    public async Task YOLO_texts_of_a_model_without_masks_hold_boxes()
    {
        var result = new DrawnResult(new DrawnImage("a.png", 1, 8, 4, [new DrawnInstance(7, .5, null, [1, 1, 4, 2]), new DrawnInstance(1, .5, null, [6, -1, 4, 2])])) { IouTypes = ["bbox"] };
        await ExportAsync(result, ExportFormat.Yolo);
        AssertSame(
            new[] { new { image = "a", instances = new[] { new { category = result.Categories[7], box = new[] { 3.0, 2, 4, 2 } }, new { category = "nucleus", box = new[] { 7, .5, 2, 1 } } } } },
            PythonReader.Read("yolo", _folder.Root, Sizes(result)));
    }

    [Fact]
    public async Task Panoptic_PNGs_show_the_better_instance_where_two_overlap()
    {
        DrawnResult result = DrawnResult.Small();
        ExportReport report = await ExportAsync(result, ExportFormat.Panoptic);
        Assert.Equal((5, 1, 1), (report.Detections, report.Empty, report.Hidden));
        AssertSame(
            Done(result).Select(image => new
            {
                image = image.Name,
                instances = Visible(image).Where(v => v.Mask.Any(row => row.Contains('#', StringComparison.Ordinal)))
                    .Select(v => new { number = v.Number, category = result.Categories[v.Instance.CategoryId], mask = v.Mask }),
            }),
            PythonReader.Read("panoptic", _folder.Root));
    }

    [Fact]
    public async Task Label_maps_have_the_numbers_that_instances_have_in_the_result()
    {
        DrawnResult result = DrawnResult.Small();
        await ExportAsync(result, ExportFormat.PngMasks);
        AssertSame(
            Done(result).Select(image => new
            {
                image = image.Name,
                deep = false,
                instances = Visible(image).Select(v => new { number = v.Number, category = result.Categories[v.Instance.CategoryId], mask = v.Mask }),
            }),
            PythonReader.Read("png-masks", _folder.Root));
    }

    [Fact]
    public async Task A_label_map_of_300_instances_has_16_bits_and_keeps_numbers_when_some_are_left_out()
    {
        DrawnInstance[] instances = [.. Enumerable.Range(0, 300).Select(i => new DrawnInstance(i % 2 == 0 ? 1 : 7, 1 - (i / 1000.0), [new string('.', i) + "#" + new string('.', 299 - i)]))];
        var result = new DrawnResult(new DrawnImage("line.png", 1, 300, 1, instances));
        await ExportAsync(result, ExportFormat.PngMasks, new ExportOptions { Format = ExportFormat.PngMasks, Categories = ["7"] });
        JsonElement image = Assert.Single(PythonReader.Read("png-masks", _folder.Root).EnumerateArray());
        Assert.True(image.GetProperty("deep").GetBoolean());
        Assert.Equal(
            Enumerable.Range(0, 300).Where(i => i % 2 == 1).Select(i => (i + 1, instances[i].Mask![0])),
            image.GetProperty("instances").EnumerateArray().Select(i => (i.GetProperty("number").GetInt32(), i.GetProperty("mask")[0].GetString()!)));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ExportReport> ExportAsync(DrawnResult result, ExportFormat format, ExportOptions? options = null)
    {
        JobResults results = await JobResults.OpenAsync(await result.WriteAsync(new MemoryBlobStore()));
        return await results.ExportAsync(_folder.Root, options ?? new ExportOptions { Format = format });
    }

    /// <summary>What is left of each mask when those before it lie on top, pixel by pixel.</summary>
    private static IEnumerable<(int Number, DrawnInstance Instance, string[] Mask)> Visible(DrawnImage image) => image.Instances.Select((instance, i) => (
        i + 1, instance, instance.Mask!.Select((row, y) => string.Concat(row.Select((pixel, x) => image.Instances.Take(i).Any(better => better.Mask![y][x] == '#') ? '.' : pixel))).ToArray()));

    private static Dictionary<string, int[]> Sizes(DrawnResult result) => Done(result).ToDictionary(image => Path.ChangeExtension(image.Name, null), image => new[] { image.Height, image.Width });

    private static void AssertSame(object expected, JsonElement found, params string[] without) =>
        Assert.Equal(Text(JsonSerializer.SerializeToElement(expected), without), Text(found, without));

    /// <summary>JSON with numbers as numbers: 1 is 1.0.</summary>
    private static string Text(JsonElement element, string[] without) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(",", element.EnumerateObject().Where(m => !without.Contains(m.Name)).OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => m.Name + ":" + Text(m.Value, without)))}}}\n",
        JsonValueKind.Array => $"[{string.Join(",", element.EnumerateArray().Select(item => Text(item, without)))}]",
        JsonValueKind.Number => element.GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture),
        JsonValueKind.String => element.GetString()!,
        _ => element.GetRawText(),
    };
}
