using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Client.Evaluation;

/// <summary><c>maskrcnn eval</c>: a results file against a data set.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var options = new EvalOptions();
        var command = new Command("eval", "Evaluate detections as COCO does: AP and AR, to pycocotools' last digit.");
        foreach (Option option in options.All) command.Add(option);
        return command.Does("maskrcnn eval --gt instances_val2017.json --dt detections.json --iou-type segm --per-class", (arguments, output, cancellation) =>
            Run(options.Read(arguments), output, cancellation));
    }

    private static int Run(EvalRequest request, CommandOutput output, CancellationToken cancellationToken)
    {
        FileEvaluationReport report;
        using (var progress = new ProgressLine(output.Error, "Matching images"))
            report = FileEvaluation.Run(request.Files, progress, cancellationToken);
        double averagePrecision = report.Summary.AveragePrecision;
        if (request.MinimumAp is not null && averagePrecision < 0)
        {
            string cause = report.Result.ObjectCounts.All(n => n == 0) ? "the ground truth holds no objects to find" : "no AP is defined for the chosen --max-dets or --area-ranges";
            throw CommandException.Usage($"--min-ap cannot be judged: AP is -1, because {cause}. {string.Join(" ", report.Warnings)}");
        }
        IReadOnlyList<string> files = request.OutputFolder is { } folder ? EvalFiles.Write(folder, request, report, cancellationToken) : [];
        foreach (string warning in report.Warnings) output.Warn(warning);
        if (output.Json) output.WriteJson(json => EvalJson.Write(json, request, report, files));
        else EvalText.Write(output, request, report, files);
        if (request.MinimumAp is { } minimum && averagePrecision < minimum)
        {
            output.Error.WriteLine($"AP {averagePrecision:F4} is below --min-ap {minimum}.");
            return ExitCode.BelowScore;
        }
        return ExitCode.Ok;
    }
}
