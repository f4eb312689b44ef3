using MaskRcnn.Coco.Evaluation.Instances;

namespace MaskRcnn.Coco.Evaluation.Accumulation;

/// <summary>
/// The accumulated evaluation: pycocotools' <c>eval</c>. Dimensions are T IoU thresholds, R recall thresholds,
/// K classes, A area ranges, M limits on detections; arrays are in C order and −1 where a class has no objects.
/// </summary>
public sealed class EvaluationResult
{
    private readonly int _recalls, _classes, _ranges, _limits;

    internal EvaluationResult(EvaluationParameters parameters, IReadOnlyList<long> categoryIds, int images)
    {
        Parameters = parameters;
        CategoryIds = categoryIds;
        ImageCount = images;
        _recalls = parameters.RecallThresholds.Length;
        _classes = parameters.ClassAgnostic ? 1 : categoryIds.Count;
        _ranges = parameters.AreaRanges.Length;
        _limits = parameters.MaxDetections.Length;
        int cells = parameters.IouThresholds.Length * _classes * _ranges * _limits;
        Precision = Filled(cells * _recalls);
        Scores = Filled(cells * _recalls);
        Recall = Filled(cells);
    }

    /// <summary>What was evaluated by.</summary>
    public EvaluationParameters Parameters { get; }

    /// <summary>The evaluated categories, ascending.</summary>
    public IReadOnlyList<long> CategoryIds { get; }

    /// <summary>Images evaluated.</summary>
    public int ImageCount { get; }

    /// <summary>Classes K: the categories, or 1 if class-agnostic.</summary>
    public int ClassCount => _classes;

    /// <summary>Precision at each recall threshold, (T, R, K, A, M).</summary>
    public double[] Precision { get; }

    /// <summary>The largest recall, (T, K, A, M).</summary>
    public double[] Recall { get; }

    /// <summary>The score at which each recall threshold is reached, (T, R, K, A, M).</summary>
    public double[] Scores { get; }

    /// <summary>Objects that count, (K, A).</summary>
    public long[] ObjectCounts { get; internal set; } = [];

    /// <summary>Instance metrics, or null where none were asked for.</summary>
    public InstanceScores? Instances { get; internal set; }

    /// <summary>Index into <see cref="Precision"/> and <see cref="Scores"/>.</summary>
    /// <param name="t">IoU threshold.</param>
    /// <param name="r">Recall threshold.</param>
    /// <param name="k">Class.</param>
    /// <param name="a">Area range.</param>
    /// <param name="m">Limit on detections.</param>
    public int PrecisionIndex(int t, int r, int k, int a, int m) => (((t * _recalls + r) * _classes + k) * _ranges + a) * _limits + m;

    /// <summary>Index into <see cref="Recall"/>.</summary>
    /// <param name="t">IoU threshold.</param>
    /// <param name="k">Class.</param>
    /// <param name="a">Area range.</param>
    /// <param name="m">Limit on detections.</param>
    public int RecallIndex(int t, int k, int a, int m) => ((t * _classes + k) * _ranges + a) * _limits + m;

    private static double[] Filled(int length)
    {
        var values = new double[length];
        Array.Fill(values, -1);
        return values;
    }
}
