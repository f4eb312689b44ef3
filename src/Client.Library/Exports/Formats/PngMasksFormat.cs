using System.Text.Json;
using MaskRcnn.Coco.Formats.LabelMap;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Client.Exports.Formats;

/// <summary>A greyscale label map an image, as <c>masks.tar</c> has with <c>--png</c>, and a line an image that says what its numbers are.</summary>
internal sealed class PngMasksFormat : FormatWriter
{
    private const string Folder = "masks/";

    public override string File => "instances.jsonl";

    public override bool NeedsMasks => true;

    public override async Task WriteAsync(ExportRun run, CancellationToken cancellation)
    {
        ExportJson file = await ExportJson.BeginAsync(run.Output, File, cancellation).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            await foreach (ExportImage image in run.EachAsync((image, token) => WritePngAsync(run.Output, image, token), cancellation).ConfigureAwait(false))
            {
                WriteLine(file, image);
                run.Tally.Empty += image.Instances.Count(instance => instance.Mask is not { Area: > 0 });
                run.Tally.Detections += image.Instances.Count(instance => instance.Mask is { Area: > 0 });
                await file.FlushAsync(cancellation).ConfigureAwait(false);
            }
            await file.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<ExportImage> WritePngAsync(ExportOutput output, ExportImage image, CancellationToken cancellation)
    {
        if (image.Found > ushort.MaxValue)
            throw new ExportException($"The image '{image.Name}' has {image.Found} detections; a PNG has numbers for {ushort.MaxValue}. Export it as panoptic, coco or parquet.");
        // A pixel has the number that its instance has in the result, whatever is left out.
        var masks = new Rle?[image.Found];
        foreach (ExportInstance instance in image.Instances) masks[instance.Number - 1] = instance.Mask;
        await output.PutAsync(Name(image), LabelMapPng.Encode(image.Width, image.Height, masks), cancellation).ConfigureAwait(false);
        return image;
    }

    private static string Name(ExportImage image) => ExportNames.Appended(Folder, image.Name, ".png");

    private static void WriteLine(ExportJson file, ExportImage image)
    {
        Utf8JsonWriter json = file.Writer;
        json.WriteStartObject();
        json.WriteString("image", image.Name);
        if (image.Id is { } id) json.WriteNumber("id", id);
        else json.WriteNull("id");
        json.WriteString("file", Name(image));
        json.WriteNumber("width", image.Width);
        json.WriteNumber("height", image.Height);
        json.WriteStartArray("instances");
        foreach (ExportInstance instance in image.Instances)
        {
            json.WriteStartObject();
            json.WriteNumber("number", instance.Number);
            json.WriteNumber("category_id", instance.CategoryId);
            json.WriteString("category", instance.Category);
            json.WriteNumber("score", instance.Score);
            json.WriteStartArray("bbox");
            foreach (double number in (double[])[instance.Box.X, instance.Box.Y, instance.Box.Width, instance.Box.Height]) json.WriteNumberValue(number);
            json.WriteEndArray();
            json.WriteNumber("area", instance.Area);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        file.EndLine();
    }
}
