using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Samples.Microscopy.Measurement;
using Spectre.Console;

namespace MaskRcnn.Client.Demo;

/// <summary>What a demo found, and where everything is.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Samples">The images.</param>
/// <param name="Scores">The numbers.</param>
/// <param name="Images">The images and their pictures, in name order.</param>
/// <param name="Failed">Images without a result.</param>
/// <param name="Workers">The workers' devices.</param>
internal sealed record DemoReport(DemoOptions Options, DemoFolder Folder, SampleReport Samples, DemoScores Scores, IReadOnlyList<DemoImage> Images, long Failed, IReadOnlyList<string> Workers)
{
    /// <summary>What is to be opened, in the order in which it is listed.</summary>
    private IEnumerable<(string Name, string Path, string What)> Places =>
    [
        ("page", Folder.Page, "every image: found beside ground truth"),
        ("images", Folder.Samples.Images, "the sample images"),
        ("annotations", Folder.Samples.Annotations, "their ground truth, COCO"),
        ("archive", Path.Combine(Folder.Result, "masks.tar"), "boxes, scores and masks of each image"),
        ("detections", Path.Combine(Folder.Result, "detections.json"), "the same as COCO results"),
        ("report", Path.Combine(Folder.Result, "report.md"), "the job's report"),
        ("picture", Folder.Picture, "the numbers in one picture"),
    ];

    public void Write(CommandOutput output, DemoProgress progress)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("");
        foreach (string column in DemoScores.Shown) table.AddColumn(new TableColumn(column).RightAligned());
        foreach ((IouType type, EvaluationSummary summary) in Scores.Types)
            table.AddRow([Name(type), .. DemoScores.Shown.Select(key => Number(summary.Lines.First(line => line.Key == key).Value))]);
        output.Console.Write(table);
        output.Out.WriteLine(Sentence());
        output.Out.WriteLine();
        foreach ((string name, string path, string what) in Places) output.Out.WriteLine($"{name,-12} {Shorter(path)}  ({what})");
        output.Out.WriteLine();
        output.Out.WriteLine("The same numbers again:");
        output.Out.WriteLine($"  {Scores.Command(Shorter(Folder.Samples.Annotations), Shorter(Path.Combine(Folder.Result, "detections.json")))}");
        output.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Done in {progress.Seconds:F1} s. Open {new Uri(Folder.Page).AbsoluteUri}"));
    }

    public void Write(Utf8JsonWriter json, DemoProgress progress)
    {
        json.WriteNumber("seconds", Math.Round(progress.Seconds, 3));
        json.WriteStartObject("phases");
        foreach ((string name, double seconds) in progress.Phases) json.WriteNumber(name, Math.Round(seconds, 3));
        json.WriteEndObject();
        json.WriteString("model", Options.Model);
        json.WriteNumber("seed", Options.Seed);
        json.WriteNumber("images", Images.Count);
        json.WriteNumber("failed", Failed);
        json.WriteNumber("nuclei", Samples.Nuclei);
        json.WriteStartArray("workers");
        foreach (string worker in Workers) json.WriteStringValue(worker);
        json.WriteEndArray();
        json.WriteStartObject("stats");
        foreach ((IouType type, EvaluationSummary summary) in Scores.Types)
        {
            json.WriteStartObject(type.ToString().ToLowerInvariant());
            foreach (SummaryLine line in summary.Lines) json.WriteNumber(line.Key, line.Value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartObject("instances");
        json.WriteNumber("scoreThreshold", DemoOptions.ShownScore);
        json.WriteNumber("iou", Scores.Instances.Iou);
        json.WriteNumber("matches", Scores.Instances.TruePositives);
        json.WriteNumber("misses", Scores.Instances.FalseNegatives);
        json.WriteNumber("falseAlarms", Scores.Instances.FalsePositives);
        json.WriteNumber("score", Scores.Instances.Score);
        json.WriteEndObject();
        json.WriteStartObject("paths");
        foreach ((string name, string path, _) in Places) json.WriteString(name, path);
        json.WriteEndObject();
    }

    /// <summary>A type for people.</summary>
    public static string Name(IouType type) => type == IouType.Bbox ? "boxes" : "masks";

    /// <summary>A score for people.</summary>
    public static string Number(double value) => value < 0 ? "-" : value.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>The one-to-one numbers in a sentence.</summary>
    public string Sentence() => string.Create(
        CultureInfo.InvariantCulture,
        $"Of {Samples.Nuclei:N0} nuclei {Scores.Instances.TruePositives:N0} were found and {Scores.Instances.FalseNegatives:N0} missed, with {Scores.Instances.FalsePositives:N0} false alarms (score and IoU from 0.5): {Scores.Instances.Score:P1} right.");

    /// <summary>A path as its user would type it.</summary>
    private static string Shorter(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
