using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Results;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;

namespace MaskRcnn.Client.Jobs;

/// <summary>Where a result is, and its numbers, from its <c>report.json</c>.</summary>
internal sealed class ResultsReport
{
    private static readonly string[] Shown = ["AP", "AP50", "AP75", "AR100"];

    private readonly JobHandle _job;
    private readonly JobResults _results;
    private readonly string? _copiedTo;
    private readonly JsonElement? _report;

    private readonly JobStatus _status;
    private readonly double? _pricePerHour;

    private ResultsReport(JobHandle job, JobStatus status, JobResults results, string? copiedTo, double? pricePerHour, JsonElement? report) =>
        (_job, _status, _results, _copiedTo, _pricePerHour, _report) = (job, status, results, copiedTo, pricePerHour, report);

    public static async Task<ResultsReport> ReadAsync(JobHandle job, JobResults results, string? copiedTo, double? pricePerHour, CancellationToken cancellation)
    {
        JobStatus status = await job.GetStatusAsync(cancellation);
        // What an earlier generation took is not known any more.
        if (results.Manifest.Generation != status.Generation) status = status with { DeviceTime = [] };
        try
        {
            using JsonDocument report = await results.ReadJsonAsync("report.json", cancellation);
            return new ResultsReport(job, status, results, copiedTo, pricePerHour, report.RootElement.Clone());
        }
        catch (BlobNotFoundException)
        {
            // The files are listed all the same.
            return new ResultsReport(job, status, results, copiedTo, pricePerHour, null);
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("job", _job.Id);
        json.WriteString("name", _job.Name);
        json.WriteString("location", _results.Location);
        json.WriteString("copiedTo", _copiedTo);
        json.WriteNumber("generation", _results.Manifest.Generation);
        json.WriteBoolean("partial", _results.Manifest.IsPartial);
        foreach (string member in (string[])["counts", "iouTypes", "failures"])
        {
            json.WritePropertyName(member);
            if (Member(member) is { } value) value.WriteTo(json);
            else json.WriteNullValue();
        }
        DeviceTimeText.Write(json, _status.DeviceTime, _status.Images.Done, _pricePerHour);
        json.WriteStartArray("files");
        foreach (ResultFile file in _results.Manifest.Files)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteNumber("size", file.Size);
            json.WriteString("sha256", file.Sha256);
            if (file.Pieces is { } pieces) json.WriteNumber("pieces", pieces.Count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public void Write(TextWriter output)
    {
        output.WriteLine($"Result of {DescriptionText.Title(_job.Name, _job.Id)}: {PlainText.WithoutControls(_results.Location)}");
        if (_results.Manifest.IsPartial) output.WriteLine("It is partial: the job ended early, and this is of what was finished.");
        if (Member("counts") is { ValueKind: JsonValueKind.Object } counts) output.WriteLine(string.Join(", ", counts.EnumerateObject().Where(IsNumber).Select(c => $"{c.Name} {Number(c.Value, "N0")}")));
        if (Member("iouTypes") is { ValueKind: JsonValueKind.Object } types)
        {
            foreach (JsonProperty type in types.EnumerateObject().Where(t => t.Value.ValueKind == JsonValueKind.Object))
                output.WriteLine($"{type.Name}: {string.Join(", ", Numbers(type.Value))}");
        }
        if (Member("failures") is { ValueKind: JsonValueKind.Array } failures)
        {
            foreach (JsonElement failure in failures.EnumerateArray()) output.WriteLine(PlainText.WithoutControls($"failed: {failure.GetProperty("cause")} {failure.GetProperty("count")}"));
        }
        foreach (string line in DeviceTimeText.Lines(_status.DeviceTime, _status.Images.Done, _pricePerHour)) output.WriteLine(line);
        output.WriteLine();
        foreach (ResultFile file in _results.Manifest.Files.Where(f => !f.Name.Contains('/', StringComparison.Ordinal)))
            output.WriteLine($"{file.Name,-18} {DryRunOutput.Size(file.Size),12}");
        foreach (IGrouping<string, ResultFile> folder in _results.Manifest.Files.Where(f => f.Name.Contains('/', StringComparison.Ordinal)).GroupBy(f => f.Name[..(f.Name.IndexOf('/', StringComparison.Ordinal) + 1)]))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder.Key,-18} {DryRunOutput.Size(folder.Sum(f => f.Size)),12} in {folder.Count():N0} files"));
        if (_copiedTo is not null) output.WriteLine($"Copied to {_copiedTo}, and checked.");
    }

    private JsonElement? Member(string name) => _report is { ValueKind: JsonValueKind.Object } report && report.TryGetProperty(name, out JsonElement value) ? value : null;

    /// <summary>The numbers may stand beside the type's name or under <c>stats</c>, as in an evaluation.</summary>
    private static IEnumerable<string> Numbers(JsonElement type)
    {
        JsonElement stats = type.TryGetProperty("stats", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object ? inner : type;
        return stats.EnumerateObject().Where(n => IsNumber(n) && Shown.Contains(n.Name)).Select(n => $"{n.Name} {Number(n.Value, "F4")}");
    }

    private static bool IsNumber(JsonProperty property) => property.Value.ValueKind == JsonValueKind.Number;

    private static string Number(JsonElement value, string format) => value.GetDouble().ToString(format, CultureInfo.InvariantCulture);
}
