using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Evaluation.Instances;
using Spectre.Console;

namespace MaskRcnn.Client.Evaluation;

/// <summary>The text form of an evaluation: the familiar lines, then tables on request.</summary>
internal static class EvalText
{
    /// <summary>What fits in 80 columns; the JSON and CSV forms have all.</summary>
    private static readonly string[] ClassColumns = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR", "AR100"];

    public static void Write(CommandOutput output, EvalRequest request, FileEvaluationReport report, IReadOnlyList<string> files)
    {
        foreach (SummaryLine line in report.Summary.Lines) output.Out.WriteLine(line.ToString());
        if (report.Result.Instances is { } instances) WriteInstances(output, instances);
        if (request.PerClass) WriteClasses(output, report);
        foreach (string file in files) output.Out.WriteLine($"Wrote {file}");
    }

    private static void WriteInstances(CommandOutput output, InstanceScores instances)
    {
        Table table = NewTable("IoU", "matched", "false alarms", "missed", "score", "mean over images");
        foreach (InstanceScore score in instances.Scores)
            table.AddRow(Number(score.Iou, "F2"), Number(score.TruePositives, "N0"), Number(score.FalsePositives, "N0"), Number(score.FalseNegatives, "N0"), Number(score.Score, "F4"), Number(score.MeanOverImages, "F4"));
        output.Console.Write(table);
        output.Out.WriteLine($"DSB score {Number(instances.DsbScore, "F4")}");
    }

    private static void WriteClasses(CommandOutput output, FileEvaluationReport report)
    {
        string[] columns = [.. report.Summary.Lines.Select(l => l.Key).Where(ClassColumns.Contains)];
        Table table = NewTable(["id", "class", .. columns]);
        foreach (ClassSummary row in ClassSummary.Of(report))
            table.AddRow([Number(row.Id, "0"), PlainText.InTable(row.Name), .. row.Summary.Lines.Where(l => columns.Contains(l.Key)).Select(l => l.Value < 0 ? "-" : Number(l.Value, "F3"))]);
        output.Console.Write(table);
    }

    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            // Where it is narrow, names give way and numbers stay whole.
            var cells = new TableColumn(Markup.Escape(column)) { NoWrap = column != "class", Padding = new Padding(0, 0, 1, 0) };
            table.AddColumn(column == "class" ? cells : cells.RightAligned());
        }
        return table;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
