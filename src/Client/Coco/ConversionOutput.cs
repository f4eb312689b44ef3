using System.Globalization;
using System.Text.Json;
using MaskRcnn.Coco.Formats;

namespace MaskRcnn.Client.Coco;

/// <summary>What <c>coco convert</c> prints: what was written, and everything that was lost.</summary>
internal static class ConversionOutput
{
    private sealed record Count(string Name, string Text, long Value);

    public static void Write(TextWriter text, ConversionOptions options, ConversionReport report)
    {
        foreach (string path in DatasetConverter.Outputs(options)) text.WriteLine($"Wrote {path}");
        text.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{ConversionNames.Of(report.From)} to {ConversionNames.Of(report.To)}: {report.Images} images, {report.ObjectsOut} of {report.ObjectsIn} objects"));
        foreach (Count count in Counts(report).Where(c => c.Value > 0))
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count.Value} {count.Text}"));
    }

    public static void Write(Utf8JsonWriter json, ConversionOptions options, ConversionReport report)
    {
        json.WriteString("input", options.Input);
        json.WriteString("from", ConversionNames.Of(report.From));
        json.WriteString("to", ConversionNames.Of(report.To));
        json.WriteStartArray("outputs");
        foreach (string path in DatasetConverter.Outputs(options)) json.WriteStringValue(path);
        json.WriteEndArray();
        json.WriteNumber("images", report.Images);
        json.WriteNumber("objectsIn", report.ObjectsIn);
        json.WriteNumber("objectsOut", report.ObjectsOut);
        foreach (Count count in Counts(report)) json.WriteNumber(count.Name, count.Value);
    }

    private static IEnumerable<Count> Counts(ConversionReport report) =>
    [
        new("skippedCrowds", "crowd regions skipped", report.SkippedCrowds),
        new("skippedWithoutMask", "objects without a mask skipped", report.SkippedWithoutMask),
        new("skippedEmptyMasks", "objects whose mask has no pixel skipped", report.SkippedEmptyMasks),
        new("skippedHidden", "objects wholly under others skipped", report.SkippedHidden),
        new("lostHoles", "objects lost holes", report.LostHoles),
        new("lostParts", "objects lost all parts but the largest", report.LostParts),
        new("overlappingPixels", "pixels of several objects given to the smallest", report.OverlappingPixels),
        new("withoutMask", "objects written with a box and no mask", report.WithoutMask),
        new("keptAsRle", "crowds and empty masks kept as RLE", report.KeptAsRle),
        new("lostMembers", "objects lost keypoints, scores or other members", report.LostMembers),
        new("lostCategories", "categories not written", report.LostCategories),
    ];
}
