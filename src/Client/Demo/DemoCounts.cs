using MaskRcnn.Coco.Evaluation.Instances;

namespace MaskRcnn.Client.Demo;

/// <summary>How an image fared: detections and nuclei paired one to one, at IoU 0.5.</summary>
/// <param name="Matches">Nuclei that were found.</param>
/// <param name="Misses">Nuclei that were not.</param>
/// <param name="FalseAlarms">Finds that are no nuclei.</param>
internal sealed record DemoCounts(int Matches, int Misses, int FalseAlarms)
{
    /// <summary>Nuclei there are.</summary>
    public int Objects => Matches + Misses;

    /// <summary>Matches / (matches + misses + false alarms); 1 where there is neither nucleus nor find.</summary>
    public double Score => Matches + Misses + FalseAlarms == 0 ? 1 : (double)Matches / (Matches + Misses + FalseAlarms);

    public static DemoCounts Of(InstanceCounts counts) => new(counts.TruePositives[0], counts.FalseNegatives[0], counts.FalsePositives[0]);
}
