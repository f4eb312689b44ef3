using System.Text.Json;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Instances;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>The JSON form of an evaluation: the members of <c>maskrcnn eval --json</c> and of a job's report. Absent numbers are −1.</summary>
public static class EvaluationJson
{
    /// <summary>Writes the members into an object that is begun.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="report">The evaluation.</param>
    /// <param name="perClass">Whether every class is written too.</param>
    /// <param name="files">What was asked for, where files were evaluated; null otherwise.</param>
    public static void Write(Utf8JsonWriter json, FileEvaluationReport report, bool perClass, FileEvaluationOptions? files = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(report);
        json.WriteString("iouType", report.Result.Parameters.IouType.ToString().ToLowerInvariant());
        json.WriteStartObject("stats");
        WriteLines(json, report.Summary);
        json.WriteEndObject();
        if (perClass) WriteClasses(json, report);
        WriteInstances(json, report.Result.Instances);
        json.WriteNumber("images", report.Result.ImageCount);
        json.WriteNumber("detections", report.DetectionCount);
        WriteParameters(json, report.Result.Parameters, files);
        json.WriteStartArray("warnings");
        foreach (string warning in report.Warnings) json.WriteStringValue(warning);
        json.WriteEndArray();
    }

    private static void WriteLines(Utf8JsonWriter json, EvaluationSummary summary)
    {
        foreach (SummaryLine line in summary.Lines) json.WriteNumber(line.Key, line.Value);
    }

    private static void WriteClasses(Utf8JsonWriter json, FileEvaluationReport report)
    {
        json.WriteStartArray("perClass");
        foreach ((long id, string name, EvaluationSummary summary) in ClassSummary.Of(report))
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("name", name);
            WriteLines(json, summary);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteInstances(Utf8JsonWriter json, InstanceScores? instances)
    {
        json.WriteStartArray("instance");
        foreach (InstanceScore score in instances?.Scores ?? [])
        {
            json.WriteStartObject();
            json.WriteNumber("iou", score.Iou);
            json.WriteNumber("tp", score.TruePositives);
            json.WriteNumber("fp", score.FalsePositives);
            json.WriteNumber("fn", score.FalseNegatives);
            json.WriteNumber("score", score.Score);
            json.WriteNumber("meanOverImages", score.MeanOverImages);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("dsbScore", instances?.DsbScore ?? -1);
    }

    private static void WriteParameters(Utf8JsonWriter json, EvaluationParameters parameters, FileEvaluationOptions? files)
    {
        json.WriteStartObject("parameters");
        if (files is not null)
        {
            json.WriteString("gt", files.GroundTruthPath);
            json.WriteString("dt", files.ResultsPath);
        }
        Numbers(json, "maxDets", parameters.MaxDetections.Select(m => (double)m));
        Numbers(json, "iouThresholds", parameters.IouThresholds);
        Numbers(json, "recallThresholds", parameters.RecallThresholds);
        json.WriteStartArray("areaRanges");
        foreach (AreaRange range in parameters.AreaRanges)
        {
            json.WriteStartObject();
            json.WriteString("name", range.Name);
            json.WriteNumber("low", range.Low);
            json.WriteNumber("high", range.High);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (files?.CategoryIds is { } categories) Numbers(json, "categoryIds", categories.Select(c => (double)c));
        if (files?.ImageIds is { } images) json.WriteNumber("imageIds", images.Count);
        json.WriteBoolean("classAgnostic", parameters.ClassAgnostic);
        if (parameters.Sigmas.Length > 0) Numbers(json, "sigmas", parameters.Sigmas);
        json.WriteBoolean("fixKnownTraps", parameters.FixKnownTraps);
        if (parameters.InstanceScoreThreshold is { } score) json.WriteNumber("scoreThreshold", score);
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
