using System.Text.Json;
using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Client.Exports.Formats;

/// <summary>A COCO data set whose annotations are the detections, with their scores.</summary>
internal sealed class CocoFormat : FormatWriter
{
    public override string File => "instances.json";

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
            long id = 0;
            await foreach (ExportImage image in run.ImagesAsync(cancellation).ConfigureAwait(false))
            {
                foreach (ExportInstance instance in image.Instances)
                {
                    CocoWriter.WriteAnnotation(json, Annotation(++id, image, instance));
                    run.Tally.Detections++;
                    await file.FlushAsync(cancellation).ConfigureAwait(false);
                }
            }
            json.WriteEndArray();
            CocoDocument.WriteCategories(json, run, areThings: false);
            json.WriteEndObject();
            file.EndLine();
            await file.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static CocoAnnotation Annotation(long id, ExportImage image, ExportInstance instance) => new()
    {
        Id = id,
        ImageId = image.SetId,
        CategoryId = instance.CategoryId,
        Box = instance.Box,
        Area = instance.Area,
        IsCrowd = false,
        Score = instance.Score,
        Segmentation = instance.Counts is { } counts ? new Segmentation.CompressedRle(image.Height, image.Width, counts) : null,
        Keypoints = instance.Keypoints,
        NumKeypoints = instance.Keypoints?.Where((_, i) => i % 3 == 2).Count(visibility => visibility > 0),
    };
}
