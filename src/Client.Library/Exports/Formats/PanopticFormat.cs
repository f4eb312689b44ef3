using System.Text.Json;
using MaskRcnn.Coco.Formats.Images;
using MaskRcnn.Coco.Formats.Masks;
using MaskRcnn.Coco.Formats.Panoptic;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Client.Exports.Formats;

/// <summary>COCO panoptic: an RGB PNG an image, whose colours are the numbers of its instances, and what each of them is.</summary>
internal sealed class PanopticFormat : FormatWriter
{
    private const string Folder = "panoptic/";

    public override string File => "panoptic.json";

    public override bool NeedsMasks => true;

    public override bool ReplacesEndings => true;

    public override async Task WriteAsync(ExportRun run, CancellationToken cancellation)
    {
        ExportJson file = await ExportJson.BeginAsync(run.Output, File, cancellation).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            Utf8JsonWriter json = file.Writer;
            json.WriteStartObject();
            CocoDocument.WriteInfo(json, run);
            await CocoDocument.WriteImagesAsync(file, run, cancellation).ConfigureAwait(false);
            json.WriteStartArray("annotations");
            await foreach (Segments segments in run.EachAsync((image, token) => WritePngAsync(run.Output, image, token), cancellation).ConfigureAwait(false))
            {
                segments.Write(json);
                run.Tally.Add(segments.Tally);
                await file.FlushAsync(cancellation).ConfigureAwait(false);
            }
            json.WriteEndArray();
            CocoDocument.WriteCategories(json, run, areThings: true);
            json.WriteEndObject();
            file.EndLine();
            await file.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<Segments> WritePngAsync(ExportOutput output, ExportImage image, CancellationToken cancellation)
    {
        var tally = new ExportTally();
        var labels = new LabelImage(image.Height, image.Width, new uint[checked(image.Height * image.Width)]);
        // The best score last, so that it lies on top.
        foreach (ExportInstance instance in image.Instances.Reverse())
        {
            if (instance.Mask is { Area: > 0 } mask) RleDense.Paint(mask, labels.Labels.AsSpan(), (uint)instance.Number);
            else tally.Empty++;
        }
        SortedDictionary<uint, Rle> visible = LabelMasks.Of(labels);
        tally.Detections = visible.Count;
        tally.Hidden = image.Instances.Count - tally.Empty - visible.Count;
        await output.PutAsync(ExportNames.Replaced(Folder, image.Name, ".png"), PanopticColor.ToPng(labels), cancellation).ConfigureAwait(false);
        return new Segments(image, visible, tally);
    }

    /// <summary>What is left to see of an image's instances.</summary>
    private sealed record Segments(ExportImage Image, SortedDictionary<uint, Rle> Visible, ExportTally Tally)
    {
        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteNumber("image_id", Image.SetId);
            json.WriteString("file_name", ExportNames.Replaced("", Image.Name, ".png"));
            json.WriteStartArray("segments_info");
            foreach (ExportInstance instance in Image.Instances)
            {
                if (Visible.TryGetValue((uint)instance.Number, out Rle? mask)) Write(json, instance, mask);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }

        private static void Write(Utf8JsonWriter json, ExportInstance instance, Rle visible)
        {
            BoundingBox box = visible.BoundingBox;
            json.WriteStartObject();
            json.WriteNumber("id", instance.Number);
            json.WriteNumber("category_id", instance.CategoryId);
            json.WriteNumber("area", visible.Area);
            json.WriteStartArray("bbox");
            foreach (double number in (double[])[box.X, box.Y, box.Width, box.Height]) json.WriteNumberValue(number);
            json.WriteEndArray();
            json.WriteNumber("iscrowd", 0);
            json.WriteNumber("score", instance.Score);
            json.WriteEndObject();
        }
    }
}
