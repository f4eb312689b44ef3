using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Checkpoints;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Evaluation;

namespace MaskRcnn.Client.Train;

/// <summary>What a user sees of a run: on a terminal one line that changes, otherwise a line now and then.</summary>
internal sealed class TrainOutput(CommandOutput console)
{
    private const int StepsBetweenLines = 20;
    private const double SecondsBetweenUpdates = .1;

    private readonly LiveLine _line = new(console.Error);
    private readonly Lock _lock = new();
    private long _shown;
    private int _validated;
    private TrainingStep? _last;

    public void Report(TrainingDataReport report)
    {
        console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"data: {report.Images} of {report.ImagesInFile} images, {report.Instances} of {report.AnnotationsInFile} objects"));
        foreach (TrainingDataFinding finding in report.Findings) console.Warn(finding.ToString());
    }

    public void OnStep(TrainingStep step, long steps, double imagesPerSecond)
    {
        _last = step;
        bool now = _line.IsVisible ? IsTime() : step.Step == 1 || step.Step % StepsBetweenLines == 0 || step.Step == steps;
        if (!now) return;
        TimeSpan left = TimeSpan.FromSeconds((steps - step.Step) * step.Images / imagesPerSecond);
        string losses = string.Join(' ', step.Losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key["loss_".Length..]} {loss.Value:F3}")));
        string text = string.Create(CultureInfo.InvariantCulture,
            $"step {step.Step}/{steps}  loss {step.Total:F3}  {imagesPerSecond:F1} images/s  {left:d\\.hh\\:mm\\:ss} left  {Environment.WorkingSet >> 20} MB  rate {step.LearningRate:G3}  ({losses})");
        if (_line.IsVisible) _line.Show(text);
        else console.Error.WriteLine(text);
    }

    /// <summary>May be called by many threads.</summary>
    public void OnValidated(int count)
    {
        lock (_lock)
        {
            // Images come in any order.
            _validated++;
            if (_line.IsVisible && IsTime()) _line.Show(string.Create(CultureInfo.InvariantCulture, $"evaluation: {_validated}/{count} images"));
        }
    }

    public void OnEvaluation(ValidationReport report)
    {
        string text = string.Join("; ", report.Summaries.Select(s => string.Create(CultureInfo.InvariantCulture, $"{Name(s.Type)} AP {s.Summary.AveragePrecision:F3} AP50 {s.Summary.Lines[1].Value:F3}")));
        string instances = report.Instances is { } scores ? string.Create(CultureInfo.InvariantCulture, $"; TP/(TP+FP+FN) at IoU 0.5 {scores.Scores[0].Score:F3}, mean over 0.5 to 0.95 {scores.DsbScore:F3}") : "";
        Clear();
        _validated = 0;
        console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"evaluation after step {report.Step}: {text}{instances}  ({report.Seconds:F0} s)"));
    }

    public void OnWarning(string message)
    {
        Clear();
        console.Warn(message);
    }

    /// <summary>Takes the changing line away.</summary>
    public void Clear()
    {
        lock (_lock) _line.Clear();
    }

    public void Finish(TrainingResult result, RunFolder folder)
    {
        if (console.Json)
        {
            WriteJson(result);
            return;
        }

        console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Steps} steps{(_last is null ? "" : $", loss {_last.Total:F3}")}{(result.Best is { } best ? $", best after {best.Step}: AP {best.Ap:F3}, AP50 {best.Ap50:F3}" : "")}"));
        console.Out.WriteLine($"Wrote {result.Model}");
        console.Out.WriteLine($"      {folder.In(ModelCard.FileName)}, {folder.In(TrainingCurves.FileName)} and more in {folder.Path}");
    }

    private void WriteJson(TrainingResult result) => console.WriteJson(json =>
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

    private bool IsTime()
    {
        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown).TotalSeconds < SecondsBetweenUpdates) return false;
        _shown = Stopwatch.GetTimestamp();
        return true;
    }

    private static string Name(IouType type) => type.ToString().ToLowerInvariant();
}
