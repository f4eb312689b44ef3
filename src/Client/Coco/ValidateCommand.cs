using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Validation;

namespace MaskRcnn.Client.Coco;

/// <summary><c>maskrcnn coco validate</c>: what is wrong in a data set, and in results for it.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var results = new Option<string?>("--results") { Description = "Also check this results file against the data set.", HelpName = "FILE" };
        var command = new Command("validate", "Find broken references, masks and members; exits with 1 on any finding.");
        InputPath input = InputPath.AddTo(command, "The data set: a COCO instances or keypoints file.");
        command.Add(results);
        return command.Does("maskrcnn coco validate instances.json --results detections.json", (arguments, output, cancellation) =>
        {
            string path = input.Read(arguments);
            string? resultsPath = arguments.GetValue(results) is { } file ? InputPath.ExistingFile(file) : null;
            CocoDataset dataset = CocoReader.ReadDataset(path, cancellation);
            ValidationReport report = resultsPath is null
                ? DatasetValidator.Validate(path, dataset, cancellation)
                : DatasetValidator.Validate(path, dataset, resultsPath, CocoReader.ReadResults(resultsPath, cancellation), cancellation);
            if (output.Json) output.WriteJson(json => Write(json, path, resultsPath, report));
            else Write(output.Out, path, resultsPath, report);
            return report.Groups.Count == 0 ? ExitCode.Ok : ExitCode.Error;
        });
    }

    private static void Write(TextWriter text, string path, string? resultsPath, ValidationReport report)
    {
        foreach (FindingGroup group in report.Groups)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{SeverityOf(group)} {group.Code}: {group.Count}"));
            foreach (Finding finding in group.First) text.WriteLine($"  {finding.Message}");
            if (group.Count > group.First.Count)
                text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … and {group.Count - group.First.Count} more"));
        }
        string files = resultsPath is null ? path : $"{path} and {resultsPath}";
        text.WriteLine(report.Groups.Count == 0
            ? $"{files}: no findings"
            : string.Create(CultureInfo.InvariantCulture, $"{files}: {report.Errors} errors, {report.Warnings} warnings"));
    }

    private static void Write(Utf8JsonWriter json, string path, string? resultsPath, ValidationReport report)
    {
        json.WriteString("file", path);
        if (resultsPath is not null) json.WriteString("results", resultsPath);
        json.WriteNumber("errors", report.Errors);
        json.WriteNumber("warnings", report.Warnings);
        json.WriteStartArray("findings");
        foreach (FindingGroup group in report.Groups)
        {
            json.WriteStartObject();
            json.WriteString("code", group.Code);
            json.WriteString("severity", SeverityOf(group));
            json.WriteNumber("count", group.Count);
            json.WriteStartArray("first");
            foreach (Finding finding in group.First)
            {
                json.WriteStartObject();
                if (finding.AnnotationId is { } id) json.WriteNumber("annotationId", id);
                json.WriteString("message", finding.Message);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string SeverityOf(FindingGroup group) => group.Severity == FindingSeverity.Error ? "error" : "warning";
}
