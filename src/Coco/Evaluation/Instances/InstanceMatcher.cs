using System.Runtime.InteropServices;
using MaskRcnn.Coco.Evaluation.Matching;

namespace MaskRcnn.Coco.Evaluation.Instances;

/// <summary>
/// The instance metrics of microscopy: detections and objects are paired one to one so that, first, the number of
/// pairs with IoU at least t and, second, the sum of those IoUs is largest.
/// </summary>
/// <remarks>
/// The rule is that of <c>matching</c> in StarDist's <c>stardist/matching.py</c> (Schmidt et al. 2018): an optimal
/// assignment with cost −[IoU ≥ t] − IoU / 2n. Two differences: IoU is double here (StarDist rounds to float32), and
/// only pairs that reach t count towards the second aim. Beyond StarDist, a detection left over that reaches t with
/// a crowd region (IoU over the detection's own area) is no false alarm.
/// </remarks>
internal sealed class InstanceMatcher(double scoreThreshold)
{
    private readonly List<int> _found = [];
    private readonly List<int> _objects = [];
    private readonly List<int> _crowds = [];
    private readonly List<Pair> _pairs = [];
    private double[] _crowdIous = [];

    /// <summary>Adds one class of one image to its counts.</summary>
    public void Add(InstanceCounts counts, Overlap overlap, ReadOnlySpan<Detection> detections, ReadOnlySpan<int> sortedDetections, ReadOnlySpan<GroundTruth> groundTruths, ReadOnlySpan<int> truths)
    {
        Select(detections, sortedDetections, groundTruths, truths);
        FindPairs(overlap, detections, groundTruths, truths);
        for (int t = 0; t < InstanceCounts.Thresholds.Length; t++)
        {
            double threshold = InstanceCounts.Thresholds[t];
            List<Pair> reaching = _pairs.FindAll(pair => pair.Iou >= threshold);
            int[] matched = Assignment.Solve(reaching, _found.Count);
            int truePositives = 0, falsePositives = 0;
            for (int d = 0; d < _found.Count; d++)
            {
                if (matched[d] >= 0) truePositives++;
                else if (_crowdIous[d] < threshold) falsePositives++;
            }
            counts.TruePositives[t] += truePositives;
            counts.FalsePositives[t] += falsePositives;
            counts.FalseNegatives[t] += _objects.Count - truePositives;
        }
    }

    private void Select(ReadOnlySpan<Detection> detections, ReadOnlySpan<int> sortedDetections, ReadOnlySpan<GroundTruth> groundTruths, ReadOnlySpan<int> truths)
    {
        _found.Clear();
        _objects.Clear();
        _crowds.Clear();
        foreach (int d in sortedDetections)
        {
            if (detections[d].Score >= scoreThreshold) _found.Add(d);
        }
        for (int g = 0; g < truths.Length; g++) (groundTruths[truths[g]].IsCrowd ? _crowds : _objects).Add(g);
    }

    private void FindPairs(Overlap overlap, ReadOnlySpan<Detection> detections, ReadOnlySpan<GroundTruth> groundTruths, ReadOnlySpan<int> truths)
    {
        _pairs.Clear();
        if (_crowdIous.Length < _found.Count) _crowdIous = new double[_found.Count * 2];
        Array.Clear(_crowdIous);
        if (_found.Count == 0 || truths.Length == 0) return;
        overlap.Prepare(detections, CollectionsMarshal.AsSpan(_found), groundTruths, truths);
        for (int d = 0; d < _found.Count; d++)
        {
            for (int i = 0; i < _objects.Count; i++)
            {
                double iou = overlap.Of(d, detections[_found[d]], _objects[i], groundTruths[truths[_objects[i]]]);
                if (iou >= InstanceCounts.Thresholds[0]) _pairs.Add(new Pair(d, i, iou));
            }
            foreach (int g in _crowds)
                _crowdIous[d] = Math.Max(_crowdIous[d], overlap.Of(d, detections[_found[d]], g, groundTruths[truths[g]]));
        }
    }
}
