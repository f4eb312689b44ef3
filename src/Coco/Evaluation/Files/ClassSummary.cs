using MaskRcnn.Coco.Evaluation.Accumulation;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>The numbers of one class; class-agnostic evaluation has one class, of id −1.</summary>
/// <param name="Id">The category.</param>
/// <param name="Name">Its name.</param>
/// <param name="Summary">Its numbers.</param>
public readonly record struct ClassSummary(long Id, string Name, EvaluationSummary Summary)
{
    /// <summary>All classes, ascending by id.</summary>
    /// <param name="report">The evaluation.</param>
    public static IEnumerable<ClassSummary> Of(FileEvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Each(report);
    }

    private static IEnumerable<ClassSummary> Each(FileEvaluationReport report)
    {
        if (report.Result.Parameters.ClassAgnostic)
        {
            yield return new ClassSummary(-1, "all categories", report.Summary);
            yield break;
        }
        for (int k = 0; k < report.Result.ClassCount; k++)
        {
            long id = report.Result.CategoryIds[k];
            yield return new ClassSummary(id, report.CategoryNames[id], EvaluationSummary.OfClass(report.Result, k));
        }
    }
}
