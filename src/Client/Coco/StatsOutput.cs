using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets.Statistics;
using Spectre.Console;

namespace MaskRcnn.Client.Coco;

/// <summary>What <c>coco stats</c> prints.</summary>
internal static class StatsOutput
{
    private const int SizesShown = 5;

    public static void Write(CommandOutput output, DatasetStatistics statistics)
    {
        Line($"images              {statistics.Images}, {statistics.ImagesWithoutAnnotations} without annotations");
        Line($"annotations         {statistics.Annotations}, {statistics.Crowds} crowds, {statistics.WithKeypoints} with keypoints");
        (AreaCounts areas, SegmentationCounts kinds) = (statistics.Areas, statistics.Segmentations);
        Line($"areas               {areas.Small} small, {areas.Medium} medium, {areas.Large} large, {areas.Unknown} unknown");
        Line($"masks               {kinds.Polygons} polygons, {kinds.CompressedRle} RLE, {kinds.UncompressedRle} uncompressed RLE, {kinds.None} none");
        Line($"objects per image   {Text(statistics.ObjectsPerImage)}");
        Line($"image widths        {Text(statistics.Widths)}");
        Line($"image heights       {Text(statistics.Heights)}");
        string sizes = string.Join(", ", statistics.ImageSizes.Take(SizesShown).Select(s => $"{s.Width}×{s.Height}: {s.Images}"));
        Line($"image sizes         {sizes}{(statistics.ImageSizes.Count > SizesShown ? $" … of {statistics.ImageSizes.Count}" : "")}");
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in (string[])["id", "class", "images", "objects", "crowds"])
        {
            var cells = new TableColumn(column) { NoWrap = true };
            table.AddColumn(column == "class" ? cells : cells.RightAligned());
        }
        foreach (CategoryCount category in statistics.Categories)
            table.AddRow(Number(category.Id), PlainText.InTable(category.Name), Number(category.Images), Number(category.Objects), Number(category.Crowds));
        output.Console.Write(table);

        void Line(FormattableString line) => output.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    public static void Write(Utf8JsonWriter json, string path, DatasetStatistics statistics)
    {
        json.WriteString("file", path);
        json.WriteNumber("images", statistics.Images);
        json.WriteNumber("imagesWithoutAnnotations", statistics.ImagesWithoutAnnotations);
        json.WriteNumber("annotations", statistics.Annotations);
        json.WriteNumber("crowds", statistics.Crowds);
        json.WriteNumber("withKeypoints", statistics.WithKeypoints);
        Numbers(json, "areas", ("small", statistics.Areas.Small), ("medium", statistics.Areas.Medium), ("large", statistics.Areas.Large),
            ("unknown", statistics.Areas.Unknown));
        SegmentationCounts kinds = statistics.Segmentations;
        Numbers(json, "segmentations", ("polygons", kinds.Polygons), ("rle", kinds.CompressedRle),
            ("rleUncompressed", kinds.UncompressedRle), ("none", kinds.None));
        Write(json, "objectsPerImage", statistics.ObjectsPerImage);
        Write(json, "widths", statistics.Widths);
        Write(json, "heights", statistics.Heights);
        json.WriteStartArray("imageSizes");
        foreach (ImageSizeCount size in statistics.ImageSizes)
            Numbers(json, null, ("width", size.Width), ("height", size.Height), ("images", size.Images));
        json.WriteEndArray();
        json.WriteStartArray("categories");
        foreach (CategoryCount category in statistics.Categories)
        {
            json.WriteStartObject();
            json.WriteNumber("id", category.Id);
            json.WriteString("name", category.Name);
            json.WriteNumber("images", category.Images);
            json.WriteNumber("objects", category.Objects);
            json.WriteNumber("crowds", category.Crowds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, Spread spread) =>
        Numbers(json, name, ("min", spread.Min), ("median", spread.Median), ("mean", spread.Mean), ("max", spread.Max));

    private static void Numbers(Utf8JsonWriter json, string? name, params ReadOnlySpan<(string Name, double Value)> numbers)
    {
        if (name is null) json.WriteStartObject();
        else json.WriteStartObject(name);
        foreach ((string member, double value) in numbers) json.WriteNumber(member, value);
        json.WriteEndObject();
    }

    private static string Text(Spread spread) =>
        string.Create(CultureInfo.InvariantCulture, $"min {spread.Min}, median {spread.Median}, mean {spread.Mean:0.##}, max {spread.Max}");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
