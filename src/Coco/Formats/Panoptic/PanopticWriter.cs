using System.Text.Encodings.Web;
using System.Text.Json;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Images;
using MaskRcnn.Coco.Formats.Masks;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.Panoptic;

/// <summary>Writes a panoptic file and, in the folder named like it, an RGB PNG an image.</summary>
internal static class PanopticWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The folder of a panoptic file's PNGs: its path without the ending.</summary>
    public static string FolderOf(string file) => Path.ChangeExtension(Path.GetFullPath(file), null);

    /// <exception cref="DatasetContentException">A mask does not decode, or a name leads out of the folder.</exception>
    public static void Write(
        string file, CocoDataset dataset, ImageObjects objects, string output, ConversionTally tally, CancellationToken cancellationToken)
    {
        if (!Path.GetExtension(output).Equals(".json", StringComparison.OrdinalIgnoreCase))
            throw new DatasetContentException(
                output, "an output that does not end in .json",
                "the path of a JSON file; the PNGs go to a folder of the same name");
        ImageObjects.CheckSizes(file, dataset);
        string folder = FolderOf(output);
        string[] paths = RelativeNames.ForImages(file, folder, dataset.Images, ".png");
        Directory.CreateDirectory(folder);
        var segments = new List<Segment>[paths.Length];
        for (int i = 0; i < paths.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            segments[i] = WritePng(file, dataset.Images[i], objects, paths[i], tally);
        }
        // The JSON last: once it is there, all that it names is there.
        AtomicFile.Write(output, stream => WriteJson(stream, dataset, segments, i => Path.GetRelativePath(folder, paths[i]).Replace('\\', '/')), cancellationToken);
    }

    private static List<Segment> WritePng(string file, CocoImage image, ImageObjects objects, string path, ConversionTally tally)
    {
        List<(Rle Mask, CocoAnnotation Annotation)> masks = DrawableObjects.Of(file, image, objects, tally, crowds: true);
        (LabelImage ids, long overlapping) = MaskPainter.Paint([.. masks.Select(m => (m.Mask, m.Annotation.IsCrowd == true))], image.Height, image.Width);
        AtomicFile.Write(path, stream => stream.Write(PanopticColor.ToPng(ids)));
        // Area and box are those of the pixels that are left.
        List<Segment> segments = [.. LabelMasks.Of(ids).Select(m => new Segment(m.Key, m.Value, masks[(int)m.Key - 1].Annotation))];
        tally.OverlappingPixels += overlapping;
        tally.SkippedHidden += masks.Count - segments.Count;
        tally.ObjectsOut += segments.Count;
        return segments;
    }

    private static void WriteJson(Stream stream, CocoDataset dataset, List<Segment>[] segments, Func<int, string> pngName)
    {
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        ExtraMembers.Write(json, dataset.Extra);
        json.WriteStartArray("images");
        foreach (CocoImage image in dataset.Images) CocoWriter.WriteImage(json, image);
        json.WriteEndArray();
        json.WriteStartArray("annotations");
        for (int i = 0; i < segments.Length; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("image_id", dataset.Images[i].Id);
            json.WriteString("file_name", pngName(i));
            json.WriteStartArray("segments_info");
            foreach (Segment segment in segments[i]) WriteSegment(json, segment);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("categories");
        foreach (CocoCategory category in dataset.Categories) CocoWriter.WriteCategory(json, AsThing(category));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Instances files have objects only, and panoptic tools need to be told.</summary>
    private static CocoCategory AsThing(CocoCategory category) => category.Extra.Any(m => m.Name == "isthing")
        ? category
        : category with { Extra = [new ExtraMember("isthing", "1"u8.ToArray()), .. category.Extra] };

    private static void WriteSegment(Utf8JsonWriter json, Segment segment)
    {
        BoundingBox box = segment.Visible.BoundingBox;
        json.WriteStartObject();
        json.WriteNumber("id", segment.Id);
        json.WriteNumber("category_id", segment.Annotation.CategoryId);
        json.WriteNumber("area", segment.Visible.Area);
        json.WriteStartArray("bbox");
        foreach (double number in (double[])[box.X, box.Y, box.Width, box.Height]) json.WriteNumberValue(number);
        json.WriteEndArray();
        json.WriteNumber("iscrowd", segment.Annotation.IsCrowd == true ? 1 : 0);
        json.WriteEndObject();
    }

    private sealed record Segment(uint Id, Rle Visible, CocoAnnotation Annotation);
}
