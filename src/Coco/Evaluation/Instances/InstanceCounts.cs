using System.Collections.Immutable;

namespace MaskRcnn.Coco.Evaluation.Instances;

/// <summary>One image's matches, false alarms and misses at each threshold, over its classes.</summary>
public sealed class InstanceCounts
{
    /// <summary>0.50, 0.55 … 0.95, as decimal literals.</summary>
    public static ImmutableArray<double> Thresholds { get; } = [.5, .55, .6, .65, .7, .75, .8, .85, .9, .95];

    /// <summary>Matched pairs at each threshold.</summary>
    public int[] TruePositives { get; } = new int[Thresholds.Length];

    /// <summary>Detections that match nothing, not even a crowd region.</summary>
    public int[] FalsePositives { get; } = new int[Thresholds.Length];

    /// <summary>Objects that nothing matches.</summary>
    public int[] FalseNegatives { get; } = new int[Thresholds.Length];
}
