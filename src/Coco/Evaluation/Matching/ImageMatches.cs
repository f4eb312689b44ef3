using MaskRcnn.Coco.Evaluation.Instances;

namespace MaskRcnn.Coco.Evaluation.Matching;

/// <summary>Everything that the evaluation needs to know of one image.</summary>
public sealed class ImageMatches
{
    internal ImageMatches(long imageId, int areaRanges, int classes)
    {
        ImageId = imageId;
        AreaRanges = areaRanges;
        GroundTruthCounts = new int[classes * areaRanges];
    }

    /// <summary>The image.</summary>
    public long ImageId { get; }

    /// <summary>The detections, by class and rank.</summary>
    public IReadOnlyList<DetectionMatch> Detections => DetectionList;

    /// <summary>The outcome of detection d in area range a, at d · <see cref="AreaRanges"/> + a.</summary>
    public IReadOnlyList<Outcome> Outcomes => OutcomeList;

    /// <summary>How many area ranges there are.</summary>
    public int AreaRanges { get; }

    /// <summary>Objects that count (not crowd, within the range), class by class and range by range: (classes, ranges).</summary>
    public IReadOnlyList<int> ObjectCounts => GroundTruthCounts;

    /// <summary>Instance metrics of the image, or null where none were asked for.</summary>
    public InstanceCounts? Instances { get; internal set; }

    internal List<DetectionMatch> DetectionList { get; } = [];

    internal List<Outcome> OutcomeList { get; } = [];

    internal int[] GroundTruthCounts { get; }

    /// <summary>Matches, misses and false alarms over all classes.</summary>
    /// <param name="areaRange">Index of the area range.</param>
    /// <param name="iouThreshold">Index of the IoU threshold.</param>
    public (int Matches, int Misses, int FalseAlarms) Count(int areaRange, int iouThreshold)
    {
        int matches = 0, falseAlarms = 0, objects = 0;
        for (int d = 0; d < DetectionList.Count; d++)
        {
            Outcome outcome = OutcomeList[d * AreaRanges + areaRange];
            if ((outcome.TruePositive >> iouThreshold & 1) != 0) matches++;
            else if ((outcome.Ignored >> iouThreshold & 1) == 0) falseAlarms++;
        }
        for (int i = areaRange; i < GroundTruthCounts.Length; i += AreaRanges) objects += GroundTruthCounts[i];
        return (matches, objects - matches, falseAlarms);
    }
}
