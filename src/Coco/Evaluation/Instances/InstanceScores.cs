using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Parts;

namespace MaskRcnn.Coco.Evaluation.Instances;

/// <summary>Instance metrics of a data set.</summary>
public sealed class InstanceScores
{
    private InstanceScores(IReadOnlyList<InstanceScore> scores) => Scores = scores;

    /// <summary>One score for each of <see cref="InstanceCounts.Thresholds"/>.</summary>
    public IReadOnlyList<InstanceScore> Scores { get; }

    /// <summary>The mean of <see cref="InstanceScore.MeanOverImages"/> over the thresholds: the metric of the 2018 Data Science Bowl.</summary>
    public double DsbScore => Scores.Average(s => s.MeanOverImages);

    internal static InstanceScores Sum(PartSet set)
    {
        int thresholds = InstanceCounts.Thresholds.Length;
        var truePositives = new long[thresholds];
        var falsePositives = new long[thresholds];
        var falseNegatives = new long[thresholds];
        double[][] ofImages = [.. Enumerable.Range(0, thresholds).Select(_ => new double[set.ImageCount])];
        var counts = new InstanceCounts();
        int image = 0;
        foreach (ArraySegment<byte> bytes in set.InstanceBlocks())
        {
            var reader = new ByteReader(bytes);
            InstanceCodec.Read(ref reader, counts);
            for (int t = 0; t < thresholds; t++)
            {
                (int tp, int fp, int fn) = (counts.TruePositives[t], counts.FalsePositives[t], counts.FalseNegatives[t]);
                truePositives[t] += tp;
                falsePositives[t] += fp;
                falseNegatives[t] += fn;
                ofImages[t][image] = Score(tp, fp, fn);
            }
            image++;
        }
        // Images are in the order of their ids, so the mean does not depend on how parts were made.
        return new InstanceScores([.. Enumerable.Range(0, thresholds).Select(t => new InstanceScore(
            InstanceCounts.Thresholds[t], truePositives[t], falsePositives[t], falseNegatives[t],
            Score(truePositives[t], falsePositives[t], falseNegatives[t]),
            image == 0 ? 1 : PairwiseSum.Mean(ofImages[t])))]);
    }

    /// <summary>TP / (TP + FP + FN); with neither objects nor detections, 1.</summary>
    private static double Score(long truePositives, long falsePositives, long falseNegatives)
    {
        long all = truePositives + falsePositives + falseNegatives;
        return all == 0 ? 1 : (double)truePositives / all;
    }
}
