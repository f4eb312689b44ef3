using System.Globalization;
using System.Text;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary><c>report.md</c>: the report for people.</summary>
internal static class ReportPage
{
    private const int MostClasses = 100;

    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal) { ["Bbox"] = "Boxes", ["Segm"] = "Masks", ["Keypoints"] = "Keypoints" };

    /// <summary>The page's bytes.</summary>
    public static byte[] Write(Report report)
    {
        var page = new StringBuilder();
        ReportCounts counts = report.Counts;
        page.Append(CultureInfo.InvariantCulture, $"# {Plain(report.Model.Name)} over {Number(counts.Images)} images\n\n");
        page.Append("|   |   |\n| --- | ---: |\n");
        Row(page, "Images", Number(counts.Images));
        Row(page, "Done", Number(counts.Done));
        Row(page, "Failed", Number(counts.Failed));
        if (counts.NotProcessed > 0) Row(page, "Not processed, as the job ended early", Number(counts.NotProcessed));
        Row(page, "Detections", Number(counts.Detections));
        if (counts.Skipped > 0) Row(page, "Files that were skipped", Number(counts.Skipped));
        if (counts.NotAnnotated > 0) Row(page, "Images without annotations", Number(counts.NotAnnotated));
        if (counts.Duplicates > 0) Row(page, "Images of a name that another had taken", Number(counts.Duplicates));
        if (counts.Missing > 0) Row(page, "Annotated images that are not in the collection", Number(counts.Missing));
        foreach (FileEvaluationReport evaluation in report.Evaluations) Evaluation(page, evaluation);
        Failures(page, report.Failures);
        Parameters(page, report);
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static void Evaluation(StringBuilder page, FileEvaluationReport evaluation)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {Titles[evaluation.Result.Parameters.IouType.ToString()]}, over {Number(evaluation.Result.ImageCount)} annotated images\n\n```\n");
        foreach (SummaryLine line in evaluation.Summary.Lines) page.Append(line).Append('\n');
        page.Append("```\n");
        foreach (string warning in evaluation.Warnings) page.Append('\n').Append(Plain(warning)).Append('\n');
        ClassSummary[] classes = [.. ClassSummary.Of(evaluation).OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Id)];
        if (classes.Length == 0) return;
        string[] keys = [.. evaluation.Summary.Lines.Select(l => l.Key)];
        page.Append("\n| class | ").AppendJoin(" | ", keys).Append(" |\n| --- |").Insert(page.Length, " ---: |", keys.Length).Append('\n');
        foreach (ClassSummary row in classes.Take(MostClasses))
            Row(page, [Plain(row.Name), .. row.Summary.Lines.Select(l => l.Value < 0 ? "-" : l.Value.ToString("F3", CultureInfo.InvariantCulture))]);
        if (classes.Length > MostClasses) page.Append(CultureInfo.InvariantCulture, $"\nThe first {MostClasses} of {Number(classes.Length)} classes; `report.json` has all.\n");
    }

    private static void Failures(StringBuilder page, IReadOnlyList<FailureGroup> failures)
    {
        page.Append("\n## Failures\n\n");
        if (failures.Count == 0)
        {
            page.Append("None.\n");
            return;
        }
        page.Append("| cause | images | first of them |\n| --- | ---: | --- |\n");
        foreach (FailureGroup group in failures) Row(page, Plain(group.Cause), Number(group.Count), string.Join(", ", group.Samples.Select(Plain)));
        page.Append("\n`errors.jsonl` has all, with what was found.\n");
    }

    private static void Parameters(StringBuilder page, Report report)
    {
        ReportParameters parameters = report.Parameters;
        page.Append("\n## Parameters\n\n| parameter | value |\n| --- | --- |\n");
        Row(page, "model", $"{Plain(report.Model.Name)} (SHA-256 {report.Model.Sha256})");
        Row(page, "score threshold", parameters.ScoreThreshold?.ToString("R", CultureInfo.InvariantCulture) ?? "the model's");
        if (parameters.Annotations) Row(page, "evaluated detections of an image and class", string.Join(", ", parameters.EvaluationLimits));
        Row(page, "precision", Plain(parameters.Precision));
        Row(page, "pattern", parameters.Pattern is { } pattern ? Plain(pattern) : "all images");
        Row(page, "limit", parameters.Limit is { } limit ? Number(limit) : "none");
        Row(page, "shards", string.Create(CultureInfo.InvariantCulture, $"at most {parameters.ShardSize.Images:N0} images or {parameters.ShardSize.Bytes:N0} bytes"));
        Row(page, "PNG masks", YesNo(parameters.Png));
        Row(page, "thumbnails", YesNo(parameters.Thumbnails));
        Row(page, "deterministic on a GPU", YesNo(parameters.Deterministic));
    }

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static void Row(StringBuilder page, params IEnumerable<string> cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Text that Markdown shows as it is, on one line.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
            {
                plain.Append(' ');
                continue;
            }
            if (c is '\\' or '|' or '`' or '*' or '_' or '<' or '>' or '[' or ']' or '#' or '&' or '~' or '$') plain.Append('\\');
            plain.Append(c);
        }
        return plain.ToString();
    }
}
