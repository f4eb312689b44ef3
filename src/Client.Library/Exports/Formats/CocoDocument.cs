using System.Text.Json;
using MaskRcnn.Client.Results;
using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Client.Exports.Formats;

/// <summary>The parts that COCO's files have in common.</summary>
internal static class CocoDocument
{
    public static void WriteInfo(Utf8JsonWriter json, ExportRun run)
    {
        json.WriteStartObject("info");
        json.WriteString("description", $"Detections of the maskrcnn job '{run.Job}'");
        json.WriteEndObject();
    }

    /// <summary>The images that have a result, by a pass over the index.</summary>
    public static async Task WriteImagesAsync(ExportJson file, ExportRun run, CancellationToken cancellation)
    {
        file.Writer.WriteStartArray("images");
        await foreach ((ResultImage row, long id) in run.Source.RowsAsync(run.Survey, cancellation).ConfigureAwait(false))
        {
            CocoWriter.WriteImage(file.Writer, new CocoImage { Id = id, FileName = row.Image, Width = row.Width ?? 0, Height = row.Height ?? 0 });
            await file.FlushAsync(cancellation).ConfigureAwait(false);
        }
        file.Writer.WriteEndArray();
    }

    public static void WriteCategories(Utf8JsonWriter json, ExportRun run, bool areThings)
    {
        json.WriteStartArray("categories");
        foreach (ExportCategory category in run.Categories)
            CocoWriter.WriteCategory(json, new CocoCategory { Id = category.Id, Name = category.Name, Extra = areThings ? [new ExtraMember("isthing", "1"u8.ToArray())] : [] });
        json.WriteEndArray();
    }
}
