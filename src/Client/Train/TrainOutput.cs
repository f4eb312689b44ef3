using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Evaluation;

namespace MaskRcnn.Client.Train;

/// <summary>What a user sees of a run.</summary>
internal sealed class TrainOutput(CommandOutput console, string output) : ITrainingObserver
{
    private const int StepsBetweenLines = 20;

    private TrainingStep? _last;

    public void Report(TrainingDataReport report)
    {
        console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"data: {report.Images} of {report.ImagesInFile} images, {report.Instances} of {report.AnnotationsInFile} objects"));
        foreach (TrainingDataFinding finding in report.Findings) console.Warn(finding.ToString());
    }

    public void OnStep(TrainingStep step, long steps, double imagesPerSecond)
    {
        _last = step;
        if (step.Step % StepsBetweenLines != 0 && step.Step != steps) return;
        double left = (steps - step.Step) * step.Images / imagesPerSecond;
        string losses = string.Join(' ', step.Losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key["loss_".Length..]} {loss.Value:F3}")));
        console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"step {step.Step}/{steps}  loss {step.Total:F3} ({losses})  rate {step.LearningRate:G3}  {imagesPerSecond:F1} images/s  {TimeSpan.FromSeconds(left):d\\.hh\\:mm\\:ss} left  {Environment.WorkingSet >> 20} MB"));
    }

    public void OnValidated(long step, string name, int index, RgbImage image, ImageDetections found)
    {
    }

    public void OnEvaluation(ValidationReport report)
    {
        string text = string.Join("; ", report.Summaries.Select(s => string.Create(CultureInfo.InvariantCulture, $"{Name(s.Type)} AP {s.Summary.AveragePrecision:F3} AP50 {s.Summary.Lines[1].Value:F3}")));
        string instances = report.Instances is { } scores ? string.Create(CultureInfo.InvariantCulture, $"; TP/(TP+FP+FN) at IoU 0.5 {scores.Scores[0].Score:F3}") : "";
        console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"evaluation after step {report.Step}: {text}{instances}  ({report.Seconds:F0} s)"));
    }

    public void OnWarning(string message) => console.Warn(message);

    public void Finish(TrainingResult result)
    {
        if (console.Json)
        {
            console.WriteJson(json =>
            {
                json.WriteNumber("steps", result.Steps);
                if (result.Best is { } best)
                {
                    json.WriteStartObject("best");
                    json.WriteNumber("step", best.Step);
                    json.WriteNumber("AP", best.Ap);
                    json.WriteNumber("AP50", best.Ap50);
                    json.WriteEndObject();
                }
                else
                {
                    json.WriteNull("best");
                }

                json.WriteString("model", result.Model);
            });
            return;
        }

        console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Steps} steps{(_last is null ? "" : $", loss {_last.Total:F3}")}{(result.Best is { } b ? $", best after {b.Step}: AP {b.Ap:F3}, AP50 {b.Ap50:F3}" : "")}"));
        console.Out.WriteLine($"model: {result.Model}  (everything: {output})");
    }

    private static string Name(IouType type) => type.ToString().ToLowerInvariant();
}
