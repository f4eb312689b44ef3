using System.Globalization;
using System.Text;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Client.Evaluation;

/// <summary>The files of <c>eval --output</c>.</summary>
internal static class EvalFiles
{
    /// <returns>The paths written.</returns>
    public static IReadOnlyList<string> Write(string folder, EvalRequest request, FileEvaluationReport report, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var written = new List<string>();
        Add("per-class.csv", stream => stream.Write(Encoding.UTF8.GetBytes(PerClass(report))));
        Add("per-image.csv", stream => stream.Write(Encoding.UTF8.GetBytes(PerImage(report))));
        Add("precision-recall.png", stream => stream.Write(PrecisionRecallPlot.Render("all classes", report.Result, null)));
        if (request.PerClass && !report.Result.Parameters.ClassAgnostic)
        {
            for (int k = 0; k < report.Result.ClassCount; k++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int ranges = report.Result.Parameters.AreaRanges.Length;
                if (report.Result.ObjectCounts.AsSpan(k * ranges, ranges).IndexOfAnyExcept(0) < 0) continue; // no object, no curve
                (long id, string name) = (report.Result.CategoryIds[k], report.CategoryNames[report.Result.CategoryIds[k]]);
                int index = k;
                Add(Path.Combine("classes", $"{id}-{FileName(name)}.png"), stream => stream.Write(PrecisionRecallPlot.Render(name, report.Result, index)));
            }
        }
        return written;

        void Add(string name, Action<Stream> write)
        {
            string path = Path.Combine(folder, name);
            AtomicFile.Write(path, write, cancellationToken);
            written.Add(path);
        }
    }

    private static string PerClass(FileEvaluationReport report)
    {
        var text = new StringBuilder().Append("id,name,").AppendJoin(',', report.Summary.Lines.Select(l => l.Key)).Append('\n');
        foreach (ClassSummary row in ClassSummary.Of(report))
            text.Append(CultureInfo.InvariantCulture, $"{row.Id},{Quote(row.Name)},").AppendJoin(',', row.Summary.Lines.Select(l => l.Value.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        return text.ToString();
    }

    /// <summary>Worst images first; of equals, those with more mistakes, then by id.</summary>
    private static string PerImage(FileEvaluationReport report)
    {
        var text = new StringBuilder("image_id,file_name,matches,misses,false_alarms,score\n");
        foreach (ImageRow row in report.Images.OrderBy(r => r.Score).ThenByDescending(r => r.Misses + r.FalseAlarms).ThenBy(r => r.ImageId))
            text.Append(CultureInfo.InvariantCulture, $"{row.ImageId},{Quote(row.FileName)},{row.Matches},{row.Misses},{row.FalseAlarms},{row.Score:R}\n");
        return text.ToString();
    }

    private static string Quote(string field) => field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private static string FileName(string name) => string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '-'));
}
