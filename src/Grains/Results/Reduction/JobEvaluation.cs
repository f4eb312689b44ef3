using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Parts;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>The evaluation of a job, of its shards' parts: bit for bit that of one machine over all images.</summary>
internal static class JobEvaluation
{
    /// <summary>Bytes of parts that are merged at once.</summary>
    public const long GroupBytes = 64L << 20;

    /// <summary>The evaluation by every IoU type of the model; none without ground truth.</summary>
    public static IReadOnlyList<FileEvaluationReport> Run(JobDocument job, PartReader reader, IReadOnlyList<Leaf> leaves, GivenUpImages givenUp, CancellationToken cancellation)
    {
        if (job.Specification.Annotations is null) return [];
        return [.. job.Model.IouTypes.Select(type => Run(type, job, reader, leaves, givenUp, cancellation))];
    }

    private static FileEvaluationReport Run(string type, JobDocument job, PartReader reader, IReadOnlyList<Leaf> leaves, GivenUpImages givenUp, CancellationToken cancellation)
    {
        PartKind kind = PartKinds.Evaluation(type);
        long[] categories = [.. job.EvaluatedCategories.Select(c => c.Id)];
        using var groups = new PartGroups(GroupBytes, cancellation);
        try
        {
            EvaluationParameters? parameters = null;
            foreach ((Leaf leaf, byte[] data) in reader.Whole(leaves, kind))
            {
                EvaluationPart part = EvaluationPart.Open(PartData.FromMemory(data, leaf.Blob(leaf.Find(kind)!)));
                parameters ??= part.Parameters;
                groups.Add(part);
            }
            // An empty part gives parts of other categories away, and stands for all where no image is annotated.
            parameters ??= Parameters(type, job);
            groups.Add(new EvaluationPartBuilder(parameters, categories).Build());
            foreach (EvaluationPart part in givenUp.Evaluate(leaves, parameters, categories)) groups.Add(part);
            return Report(Accumulator.Accumulate(groups.All(), cancellation), job, leaves.Sum(l => l.EvaluatedDetections));
        }
        catch (EvaluationPartException exception)
        {
            throw new ReductionException(exception.Message, exception);
        }
    }

    /// <summary>What a job evaluates by.</summary>
    public static EvaluationParameters Parameters(string type, JobDocument job) => ShardEvaluation.Parameters(type, job.Specification.EvaluationLimits);

    private static FileEvaluationReport Report(EvaluationResult result, JobDocument job, long detections) => new()
    {
        Result = result,
        Summary = EvaluationSummary.Of(result),
        CategoryNames = job.EvaluatedCategories.ToDictionary(c => c.Id, c => c.Name),
        Images = [],
        Warnings = [.. job.Notes, .. TrapWarnings.Of(result.Parameters, boxesBesideMasks: detections > 0)],
        DetectionCount = detections,
    };
}
