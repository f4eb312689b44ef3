using System.Collections.Immutable;

namespace MaskRcnn.Coco.Evaluation;

/// <summary>
/// What to evaluate by; the defaults are those of pycocotools' <c>Params</c>. Two parts can be merged only if their
/// parameters are equal.
/// </summary>
public sealed record EvaluationParameters
{
    /// <summary>The most IoU thresholds: the outcome of a detection is one bit a threshold.</summary>
    public const int MaxIouThresholds = 64;

    /// <summary>The most area ranges.</summary>
    public const int MaxAreaRanges = 64;

    /// <summary>The sigmas of COCO's 17 person keypoints.</summary>
    public static ImmutableArray<double> PersonSigmas { get; } =
        [.. new[] { .26, .25, .25, .35, .35, .79, .79, .72, .72, .62, .62, 1.07, 1.07, .87, .87, .89, .89 }.Select(s => s / 10.0)];

    private EvaluationParameters() { }

    /// <summary>What detections and ground truths are compared by.</summary>
    public required IouType IouType { get; init; }

    /// <summary>IoU or OKS thresholds; default 0.50, 0.55 … 0.95 as numpy's <c>linspace</c> gives them (0.9 is 0.8999999999999999).</summary>
    public ImmutableArray<double> IouThresholds { get; init; } = Linspace(.5, .95, 10);

    /// <summary>Recall thresholds at which precision is read, ascending; default 0, 0.01 … 1.</summary>
    public ImmutableArray<double> RecallThresholds { get; init; } = Linspace(0, 1, 101);

    /// <summary>Limits on detections per image and category, ascending; default 1, 10, 100 (keypoints: 20).</summary>
    public ImmutableArray<int> MaxDetections { get; init; } = [1, 10, 100];

    /// <summary>Area ranges; default all, small, medium, large (keypoints: without small).</summary>
    public ImmutableArray<AreaRange> AreaRanges { get; init; } =
    [
        new("all", 0, 1e10), new("small", 0, 1024), new("medium", 1024, 9216), new("large", 9216, 1e10),
    ];

    /// <summary>Evaluate all categories as one, as for proposals; default false. Not for keypoints.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>Fall-off of each keypoint; default COCO's 17 for persons.</summary>
    public ImmutableArray<double> Sigmas { get; init; } = [];

    /// <summary>Instead of pycocotools' numbers: ids of 0 match, and AP is at the last of <see cref="MaxDetections"/>; default false.</summary>
    /// <remarks>The third trap, box areas for masks, is the reader's.</remarks>
    public bool FixKnownTraps { get; init; }

    /// <summary>If set, instance metrics are computed over detections of at least this score; default null. Not for keypoints.</summary>
    public double? InstanceScoreThreshold { get; init; }

    /// <summary>pycocotools' parameters for an IoU type.</summary>
    /// <param name="iouType">What to compare by.</param>
    public static EvaluationParameters Default(IouType iouType) => iouType == IouType.Keypoints
        ? new EvaluationParameters
        {
            IouType = iouType,
            MaxDetections = [20],
            AreaRanges = [new("all", 0, 1e10), new("medium", 1024, 9216), new("large", 9216, 1e10)],
            Sigmas = PersonSigmas,
        }
        : new EvaluationParameters { IouType = iouType };

    /// <summary>Every reason why these parameters cannot be used; empty if they can.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        Check(IouThresholds.Length is >= 1 and <= MaxIouThresholds, $"{IouThresholds.Length} IoU thresholds; expected 1 to {MaxIouThresholds}");
        foreach (double threshold in IouThresholds) Check(threshold is > 0 and <= 1, $"IoU threshold {threshold}; expected above 0, at most 1");
        Check(IouThresholds.Distinct().Count() == IouThresholds.Length, "the same IoU threshold twice");
        Check(RecallThresholds.Length >= 1, "no recall thresholds; expected at least one");
        foreach (double threshold in RecallThresholds) Check(threshold is >= 0 and <= 1, $"recall threshold {threshold}; expected 0 to 1");
        Check(RecallThresholds.Order().SequenceEqual(RecallThresholds), "recall thresholds are not ascending");
        Check(MaxDetections.Length >= 1, "no limit on detections; expected at least one");
        foreach (int limit in MaxDetections) Check(limit >= 1, $"limit of {limit} detections; expected at least 1");
        Check(MaxDetections.Distinct().Count() == MaxDetections.Length, "the same limit on detections twice");
        Check(MaxDetections.Order().SequenceEqual(MaxDetections), "limits on detections are not ascending");
        Check(AreaRanges.Length is >= 1 and <= MaxAreaRanges, $"{AreaRanges.Length} area ranges; expected 1 to {MaxAreaRanges}");
        foreach (AreaRange range in AreaRanges)
        {
            Check(!string.IsNullOrWhiteSpace(range.Name), "an area range without a name");
            Check(range.Low <= range.High, $"area range '{range.Name}' from {range.Low} to {range.High}; expected the lower end first");
        }
        Check(AreaRanges.Select(r => r.Name).Distinct().Count() == AreaRanges.Length, "two area ranges of one name");
        if (IouType == IouType.Keypoints)
        {
            Check(Sigmas.Length > 0, "no sigmas; expected one for each keypoint");
            foreach (double sigma in Sigmas) Check(sigma > 0 && double.IsFinite(sigma), $"sigma {sigma}; expected above 0");
            Check(!ClassAgnostic, "class-agnostic evaluation of keypoints is not defined: sigmas belong to a category");
            Check(InstanceScoreThreshold is null, "instance metrics of keypoints are not defined; use bbox or segm");
        }
        else
        {
            Check(Sigmas.Length == 0, $"sigmas given for {IouType}; expected them for keypoints only");
        }
        Check(InstanceScoreThreshold is null || double.IsFinite(InstanceScoreThreshold.Value), "score threshold is not a number");
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds) problems.Add(problem);
        }
    }

    /// <summary>Equal where every value is equal, so that results can be merged.</summary>
    /// <param name="other">Other parameters.</param>
    public bool Equals(EvaluationParameters? other) => other is not null
        && IouType == other.IouType
        && IouThresholds.SequenceEqual(other.IouThresholds)
        && RecallThresholds.SequenceEqual(other.RecallThresholds)
        && MaxDetections.SequenceEqual(other.MaxDetections)
        && AreaRanges.SequenceEqual(other.AreaRanges)
        && ClassAgnostic == other.ClassAgnostic
        && Sigmas.SequenceEqual(other.Sigmas)
        && FixKnownTraps == other.FixKnownTraps
        && InstanceScoreThreshold.Equals(other.InstanceScoreThreshold);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IouType, IouThresholds.Length, MaxDetections[^1], ClassAgnostic, FixKnownTraps);

    /// <summary>Evenly spaced numbers as numpy's <c>linspace</c> computes them, to the last bit.</summary>
    internal static ImmutableArray<double> Linspace(double start, double stop, int count)
    {
        double step = (stop - start) / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? stop : i * step + start)];
    }
}
