using System.Buffers;
using System.Text.Json;
using MaskRcnn.Client.Exports.Formats;
using MaskRcnn.Client.Results;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Storage;

namespace MaskRcnn.Client.Exports;

/// <summary>Exports a result: checks everything that can be known before, then writes the format's files, and last what says that they are all there.</summary>
internal sealed class ResultExport(JobResults results, IBlobStore store, ExportOptions options)
{
    /// <summary>The file that is written last: where it is, everything is.</summary>
    public const string EndName = "export.json";

    private readonly ExportOutput _output = new(store, options.Overwrite);

    public async Task<ExportReport> RunAsync(CancellationToken cancellation)
    {
        options.Validate();
        IReadOnlyList<ExportCategory> categories = await ExportCategory.ReadAsync(results, cancellation).ConfigureAwait(false);
        HashSet<long>? chosen = ExportCategory.Choose(categories, options.Categories);
        FormatWriter format = Format();
        CheckMasks(format);
        var source = new ExportSource(results, options.ScoreThreshold, chosen);
        ExportSurvey survey = await source.SurveyAsync(format.ReplacesEndings, cancellation).ConfigureAwait(false);
        await PrepareAsync(format, chosen, cancellation).ConfigureAwait(false);

        var run = new ExportRun(source, survey, _output, categories, options) { Job = Text("name") ?? Text("job") ?? results.Location };
        await format.WriteAsync(run, cancellation).ConfigureAwait(false);
        ExportReport report = new()
        {
            Format = options.Format,
            Output = _output.Location,
            File = format.File,
            Images = survey.Images,
            Failed = survey.Failed,
            Detections = run.Tally.Detections,
            Empty = run.Tally.Empty,
            Hidden = run.Tally.Hidden,
            LostParts = run.Tally.LostParts,
            LostHoles = run.Tally.LostHoles,
            Files = _output.Files,
            Bytes = _output.Bytes,
            Unchanged = _output.Unchanged,
        };
        cancellation.ThrowIfCancellationRequested();
        await _output.PutAsync(EndName, Json(chosen, report), cancellation).ConfigureAwait(false);
        return report;
    }

    private FormatWriter Format() => options.Format switch
    {
        ExportFormat.Coco => new CocoFormat(),
        ExportFormat.Yolo => new YoloFormat(),
        ExportFormat.Panoptic => new PanopticFormat(),
        ExportFormat.Parquet => new ParquetFormat(HasOutput("keypoints") == true),
        _ => new PngMasksFormat(),
    };

    private void CheckMasks(FormatWriter format)
    {
        if (format.NeedsMasks && HasOutput("segm") == false)
            throw new ExportException($"The model of job '{Text("name")}' gives no masks, so its result cannot be exported as {ExportFormats.Name(options.Format)}. Export it as coco, yolo or parquet.");
    }

    /// <summary>Looks at what is there before hours are spent; with --overwrite, nothing old must look whole while it is replaced.</summary>
    private async Task PrepareAsync(FormatWriter format, IReadOnlySet<long>? chosen, CancellationToken cancellation)
    {
        if (options.Overwrite)
        {
            await _output.DeleteAsync(EndName, cancellation).ConfigureAwait(false);
            await _output.DeleteAsync(format.File, cancellation).ConfigureAwait(false);
            return;
        }
        string? there = await _output.FindAsync(EndName, cancellation).ConfigureAwait(false) is { } end
            ? IsThis(end, chosen) ? null : EndName
            : await _output.HasAsync(format.File, cancellation).ConfigureAwait(false) ? format.File : null;
        if (there is not null)
            throw new ExportExistsException(_output.Shown(there), $"{_output.Shown(there)} is there already, and not of this export. Export to another place, or replace it with --overwrite.");
    }

    private bool IsThis(byte[] end, IReadOnlySet<long>? chosen)
    {
        try
        {
            using JsonDocument there = JsonDocument.Parse(end), mine = JsonDocument.Parse(Json(chosen, null));
            return mine.RootElement.EnumerateObject().All(member => there.RootElement.TryGetProperty(member.Name, out JsonElement value) && JsonElement.DeepEquals(value, member.Value));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>What the export is of, and with a report what it holds. Nothing of when and where: repeated, it is the same.</summary>
    private byte[] Json(IReadOnlySet<long>? chosen, ExportReport? report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, CocoWriter.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", 1);
            json.WriteString("format", ExportFormats.Name(options.Format));
            json.WriteString("job", Text("job"));
            json.WriteString("name", Text("name"));
            json.WriteNumber("scoreThreshold", options.ScoreThreshold);
            json.WriteStartArray("categories");
            foreach (long id in (chosen ?? Enumerable.Empty<long>()).Order()) json.WriteNumberValue(id);
            json.WriteEndArray();
            if (report is not null) report.Write(json);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private string? Text(string member) =>
        results.Manifest.Document.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Whether the model gives boxes, masks or keypoints; null where the manifest does not say.</summary>
    private bool? HasOutput(string iouType) =>
        results.Manifest.Document.TryGetProperty("model", out JsonElement model) && model.ValueKind == JsonValueKind.Object
        && model.TryGetProperty("iouTypes", out JsonElement types) && types.ValueKind == JsonValueKind.Array
            ? types.EnumerateArray().Any(type => type.ValueKind == JsonValueKind.String && type.ValueEquals(iouType)) : null;
}
