using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary>What a job would do, as text and as JSON.</summary>
internal static class DryRunOutput
{
    public static void Write(Utf8JsonWriter json, DryRunReport report)
    {
        json.WriteNumber("images", report.Images);
        json.WriteNumber("bytes", report.Bytes);
        json.WriteNumber("skipped", report.Skipped);
        WriteSample(json, "notAnnotated", report.NotAnnotated);
        WriteSample(json, "duplicates", report.Duplicates);
        WriteSample(json, "missing", report.Missing);
        WriteSample(json, "notFound", report.NotFound);
        json.WriteNumber("shards", report.Shards);
        json.WriteNumber("shardSize", report.ShardSize);
        json.WriteNumber("evaluationBytes", report.EvaluationBytes);
        json.WriteString("model", report.Model);
        json.WriteString("modelSha256", report.ModelSha256);
        JobJson.Strings(json, "problems", report.Problems);
        JobJson.Strings(json, "notes", report.Notes);
    }

    public static void Write(TextWriter output, DryRunReport report)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Images:N0} images, {Size(report.Bytes)}, in {report.Shards:N0} shards; {report.Skipped:N0} other files"));
        if (report.Model is not null) output.WriteLine($"Model {PlainText.WithoutControls(report.Model)}, SHA-256 {report.ModelSha256}");
        if (report.EvaluationBytes > 0) output.WriteLine($"The evaluation needs about {Size(report.EvaluationBytes)} of a coordinator's memory");
        WriteSample(output, "images are not in the annotations", report.NotAnnotated);
        WriteSample(output, "images are second files for one image of the annotations, or stand in the collection again", report.Duplicates);
        WriteSample(output, "images of the annotations are not in the collection", report.Missing);
        WriteSample(output, "images are named and are not there", report.NotFound);
        foreach (string note in report.Notes) output.WriteLine(PlainText.WithoutControls(note));
        if (report.Problems.Count == 0) output.WriteLine("Nothing is started; submit it without --dry-run.");
        foreach (string problem in report.Problems) output.WriteLine($"problem: {PlainText.WithoutControls(problem)}");
    }

    /// <summary>Bytes for people.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F1} KB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
    };

    private static void WriteSample(Utf8JsonWriter json, string name, NameSample sample)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", sample.Count);
        JobJson.Strings(json, "names", sample.Names);
        json.WriteEndObject();
    }

    private static void WriteSample(TextWriter output, string what, NameSample sample)
    {
        if (sample.Count == 0) return;
        string more = sample.Count > sample.Names.Count ? ", …" : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sample.Count:N0} {what}: {string.Join(", ", sample.Names.Select(PlainText.WithoutControls))}{more}"));
    }
}
