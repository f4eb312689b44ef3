using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Instances;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Evaluation;
using MaskRcnn.Detection.Training.Presets;
using TorchSharp;

namespace MaskRcnn.Client.Train;

/// <summary><c>MODEL.md</c>: what a model was made of, how, and how good it is.</summary>
internal sealed class ModelCard(TrainingRunOptions run, RunOrigin origin)
{
    /// <summary>Its name in the run's folder.</summary>
    public const string FileName = "MODEL.md";

    private readonly TrainingConfiguration _configuration = run.Configuration;

    /// <summary>The card of the weights after a step.</summary>
    /// <param name="step">Steps that were made.</param>
    /// <param name="report">The evaluation; null where nothing is evaluated.</param>
    public string Text(long step, ValidationReport? report)
    {
        StringBuilder text = new();
        Line(text, $"# {_configuration.Model.Name}: {Classes()}\n");
        Line(text, $"Trained by `maskrcnn train`; the weights are those after step {step} of {_configuration.Steps}{(_configuration.Optimizer.AverageDecay > 0 ? " (their moving average)" : "")}{(report is null ? "" : ", the best of the evaluations so far")}.\n");
        WriteData(text);
        WriteRecipe(text);
        WriteScores(text, report);
        WriteLimits(text, report);
        return text.ToString();
    }

    private void WriteData(StringBuilder text)
    {
        TrainingDataReport data = run.Data.Report;
        text.AppendLine("## Data\n");
        Line(text, $"- Trained on `{origin.Data.Path}` (SHA-256 `{origin.Data.Sha256}`): {data.Images} of {data.ImagesInFile} images, {data.Instances} of {data.AnnotationsInFile} objects.");
        foreach (LabelledCategory category in _configuration.Model.Categories)
            Line(text, $"  - {PlainText.WithoutControls(category.Name)}: {data.InstancesOf.GetValueOrDefault(category.Label)} objects");
        foreach (TrainingDataFinding finding in data.Findings)
            Line(text, $"- Found: {PlainText.WithoutControls(finding.ToString())}");
        if (origin.Validation is { } validation) Line(text, $"- Evaluated on `{validation.Path}` (SHA-256 `{validation.Sha256}`).");
        text.AppendLine("- Licence: that of the data and of the first weights; fill it in here before you share the model.\n");
    }

    private void WriteRecipe(StringBuilder text)
    {
        text.AppendLine("## Recipe\n");
        Line(text, $"Preset `{_configuration.Preset}`, first weights: {(origin.Init is null ? "random" : $"`{Path.GetFileName(origin.Init)}`")}. What differs from the preset:\n");
        ConfigurationDifference[] differences = [.. Differences()];
        foreach (ConfigurationDifference difference in differences) Line(text, $"- `{difference.Path}`: {difference.Now} (preset: {difference.Before})");
        if (differences.Length == 0) text.AppendLine("- nothing");
        Line(text, $"\n```\n{origin.Command}\n```\n");
        Line(text, $"maskrcnn {typeof(ModelCard).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion}, libtorch {torch.__version__}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}, {run.Device}, {KernelThreads.Count} threads. Every setting is in `configuration.json`.\n");
    }

    private void WriteScores(StringBuilder text, ValidationReport? report)
    {
        text.AppendLine("## Scores\n");
        if (report is null)
        {
            text.AppendLine("There was no validation (`--val`), so nothing is known.\n");
            return;
        }

        Line(text, $"After step {report.Step}, on {report.Images} images; AP as COCO has it, at up to {_configuration.EvaluationDetections} detections an image.\n");
        Line(text, $"| | {string.Join(" | ", report.Summaries.Select(s => s.Type.ToString().ToLowerInvariant()))} |");
        Line(text, $"|---|{string.Concat(report.Summaries.Select(_ => "---|"))}");
        foreach (string key in report.Summaries.SelectMany(s => s.Summary.Lines).Select(line => line.Key).Distinct())
            Line(text, $"| {key} | {string.Join(" | ", report.Summaries.Select(s => Number(s.Summary, key)))} |");
        if (report.Instances is { } instances) WriteInstances(text, instances);
        text.AppendLine();
    }

    private static void WriteInstances(StringBuilder text, InstanceScores instances)
    {
        text.AppendLine("\nOne to one, detections with a score of at least 0.5:\n\n| IoU | TP/(TP+FP+FN) | TP | FP | FN |\n|---|---|---|---|---|");
        foreach (InstanceScore score in instances.Scores)
            Line(text, $"| {score.Iou:F2} | {score.Score:F3} | {score.TruePositives} | {score.FalsePositives} | {score.FalseNegatives} |");
        Line(text, $"\nMean over images and these thresholds (2018 Data Science Bowl): {instances.DsbScore:F3}");
    }

    private void WriteLimits(StringBuilder text, ValidationReport? report)
    {
        PostProcessingConfiguration output = _configuration.Model.PostProcessing;
        text.AppendLine("## Limits\n");
        Line(text, $"- It knows {Classes()}, and gives at most {output.MaxDetections} objects an image with a score of at least {output.ScoreThreshold}.");
        Line(text, $"- Images are resized to a shorter side of {_configuration.Model.Transform.MinSizes[^1]} pixels, a longer side of at most {_configuration.Model.Transform.MaxSize}. Objects that are then much smaller or larger than its anchors ({_configuration.Model.Rpn.AnchorSizes.SelectMany(a => a).Min()} to {_configuration.Model.Rpn.AnchorSizes.SelectMany(a => a).Max()} pixels) are missed.");
        if (report is not null) text.AppendLine("- The validation also chose the step, so its scores are a little better than those on new images of the same kind.");
        text.AppendLine("- Images of another kind than those it was trained on were not tried.");
    }

    /// <summary>The classes are the data's in any case; they are listed with it.</summary>
    private IEnumerable<ConfigurationDifference> Differences()
    {
        TrainingConfiguration preset = TrainingPresets.ForModel(_configuration.Preset, _configuration.Preset == TrainingPresets.FineTuneSmall ? _configuration.Model : null);
        return ConfigurationDifference.Between(preset, _configuration).Where(difference => difference.Path is not ("model.classes" or "model.categories"));
    }

    private string Classes() => string.Join(", ", _configuration.Model.Categories.Select(category => PlainText.WithoutControls(category.Name)));

    private static string Number(EvaluationSummary summary, string key) => summary.Lines.FirstOrDefault(line => line.Key == key) is { Value: >= 0 } line ? line.Value.ToString("F3", CultureInfo.InvariantCulture) : "–";

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
