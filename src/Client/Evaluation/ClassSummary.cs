using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Client.Evaluation;

/// <summary>The numbers of one class; class-agnostic evaluation has one class, of id −1.</summary>
internal readonly record struct ClassSummary(long Id, string Name, EvaluationSummary Summary)
{
    public static IEnumerable<ClassSummary> Of(FileEvaluationReport report)
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
