using Parquet;

namespace MaskRcnn.Client.Exports.Formats;

/// <summary>Apache Parquet: a row a detection, in groups of bounded size.</summary>
/// <param name="withKeypoints">Whether there is a column of keypoints.</param>
internal sealed class ParquetFormat(bool withKeypoints) : FormatWriter
{
    public override string File => "detections.parquet";

    public override async Task WriteAsync(ExportRun run, CancellationToken cancellation)
    {
        var rows = new DetectionRows(withKeypoints);
        ExportFile file = await run.Output.BeginAsync(File, cancellation).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            ParquetWriter writer = await ParquetWriter.CreateAsync(rows.Schema, file, cancellationToken: cancellation).ConfigureAwait(false);
            await using (writer.ConfigureAwait(false))
            {
                await foreach (ExportImage image in run.ImagesAsync(cancellation).ConfigureAwait(false))
                {
                    foreach (ExportInstance instance in image.Instances)
                    {
                        rows.Add(image, instance);
                        run.Tally.Detections++;
                        if (rows.IsFull) await rows.WriteAsync(writer, cancellation).ConfigureAwait(false);
                    }
                }
                if (rows.Count > 0) await rows.WriteAsync(writer, cancellation).ConfigureAwait(false);
            }
            await file.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
