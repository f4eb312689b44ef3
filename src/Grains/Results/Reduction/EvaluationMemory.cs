using System.Globalization;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Results.Parts;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// What the evaluation of a whole job needs of the reducer's memory. It grows with images and categories and not with detections: those are sorted in files, and
/// read class by class.
/// </summary>
public static class EvaluationMemory
{
    /// <summary>Its id in the merged part and its number, 12 bytes, and what the garbage collector leaves of the arrays before. As the next one chosen so that the rows of benchmarks/README.md stay below.</summary>
    private const int BytesAnImage = 40;

    /// <summary>A group of parts, its merged records, and what the garbage collector leaves of those before.</summary>
    private const int GroupsInMemory = 4;

    /// <summary>A detection in a part: score, image, rank, outcomes.</summary>
    private const int BytesADetection = 24;

    /// <summary>What is known of a category in one part.</summary>
    private const int BytesACategoryOfAPart = 160;

    /// <summary>Precision, and the score where it is reached.</summary>
    private const int NumbersACurvePoint = 2;

    /// <summary>The bytes, about; 0 without annotations. Each IoU type is done after the other.</summary>
    /// <param name="specification">What is asked for.</param>
    /// <param name="model">The model.</param>
    /// <param name="categories">Evaluated categories.</param>
    /// <param name="images">The job's images.</param>
    /// <param name="shards">Its shards.</param>
    public static long Bytes(JobSpecification specification, ModelDocument model, int categories, long images, long shards)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(model);
        return specification.Annotations is null ? 0 : model.IouTypes.Max(type => Bytes(ShardEvaluation.Parameters(type, specification.EvaluationLimits), categories, images, shards));
    }

    /// <summary>Why a job's evaluation is too large; null: it is not.</summary>
    /// <inheritdoc cref="Bytes(JobSpecification, ModelDocument, int, long, long)"/>
    public static string? Problem(JobSpecification specification, ModelDocument model, int categories, long images, long shards)
    {
        ArgumentNullException.ThrowIfNull(specification);
        (long need, long most) = (Bytes(specification, model, categories, images, shards), specification.MaxEvaluationBytes ?? JobSpecification.DefaultMaxEvaluationBytes);
        return need <= most ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"the evaluation of {images} images in {categories} categories needs {need / 1e6:F1} MB of memory; at most {most / 1e6:F1} MB may be used. Allow more with --max-eval-memory, leave --annotations out, or split the collection");
    }

    private static long Bytes(EvaluationParameters parameters, long categories, long images, long shards)
    {
        long classes = parameters.ClassAgnostic ? 1 : Math.Max(1, categories);
        long curves = (long)parameters.IouThresholds.Length * parameters.RecallThresholds.Length * parameters.AreaRanges.Length * parameters.MaxDetections.Length * sizeof(double) * NumbersACurvePoint;
        long parts = Math.Min(shards, PartGroups.GroupParts) + shards / PartGroups.GroupParts;
        long group = Math.Min(JobEvaluation.GroupBytes, images * parameters.MaxDetections.Max() * BytesADetection);
        return BytesAnImage * images + GroupsInMemory * group + classes * (curves + BytesACategoryOfAPart * parts);
    }
}
