using System.Runtime.InteropServices;
using MaskRcnn.Coco.Evaluation.Instances;

namespace MaskRcnn.Coco.Evaluation.Matching;

/// <summary>
/// Matches the detections of one image to its objects, as pycocotools' <c>evaluateImg</c>: for each class, area range
/// and threshold, detections by descending score each take the object they overlap most, of those still free.
/// Not for use by two threads at once.
/// </summary>
public sealed class ImageMatcher
{
    private readonly EvaluationParameters _parameters;
    private readonly long[] _categories;
    private readonly double[] _leastIous;
    private readonly double _leastIou;
    private readonly Overlap _overlap;
    private readonly InstanceMatcher? _instances;
    private readonly List<int>[] _detectionsOf;
    private readonly List<int>[] _groundTruthsOf;
    private readonly List<(double NegativeScore, int Index)> _sorted = [];
    private readonly List<(int GroundTruth, double Iou)> _candidates = [];
    private readonly List<int> _candidateEnds = [];
    private ulong[] _taken = new ulong[32];
    private bool[] _ignored = new bool[32];

    /// <summary>A matcher for images of one evaluation.</summary>
    /// <param name="parameters">What to evaluate by.</param>
    /// <param name="categories">Ids of the categories to evaluate, ascending, each once.</param>
    /// <exception cref="ArgumentException">The parameters are not valid, or the categories are not ascending.</exception>
    public ImageMatcher(EvaluationParameters parameters, IReadOnlyList<long> categories)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(categories);
        if (parameters.Validate() is { Count: > 0 } problems) throw new ArgumentException(string.Join("; ", problems), nameof(parameters));
        for (int i = 1; i < categories.Count; i++)
        {
            if (categories[i] <= categories[i - 1])
                throw new ArgumentException($"Category {categories[i]} follows {categories[i - 1]}; expected ascending ids, each once.", nameof(categories));
        }
        _parameters = parameters;
        _categories = [.. categories];
        _leastIous = [.. parameters.IouThresholds.Select(t => Math.Min(t, 1 - 1e-10))];
        _leastIou = _leastIous.Min();
        _overlap = new Overlap(parameters);
        _instances = parameters.InstanceScoreThreshold is { } score ? new InstanceMatcher(score) : null;
        _detectionsOf = Lists();
        _groundTruthsOf = Lists();

        List<int>[] Lists() => [.. Enumerable.Range(0, Math.Max(_categories.Length, Classes)).Select(_ => new List<int>())];
    }

    private int Classes => _parameters.ClassAgnostic ? 1 : _categories.Length;

    /// <summary>Matches one image.</summary>
    /// <param name="imageId">The image's id.</param>
    /// <param name="groundTruths">Its objects in the file's order; those of other categories are left out.</param>
    /// <param name="detections">Its detections in the file's order, which decides between equal scores.</param>
    /// <exception cref="ArgumentException">A score is not finite, or a mask is missing that the IoU type needs.</exception>
    /// <exception cref="Masks.RleException">Masks differ in size.</exception>
    public ImageMatches Match(long imageId, ReadOnlySpan<GroundTruth> groundTruths, ReadOnlySpan<Detection> detections)
    {
        // An image that failed before must leave nothing behind.
        foreach (List<int> list in _groundTruthsOf) list.Clear();
        foreach (List<int> list in _detectionsOf) list.Clear();
        for (int i = 0; i < groundTruths.Length; i++) Assign(_groundTruthsOf, groundTruths[i].CategoryId, i);
        for (int i = 0; i < detections.Length; i++)
        {
            if (!double.IsFinite(detections[i].Score))
                throw new ArgumentException($"Image {imageId}: detection {i} has the score {detections[i].Score}; expected a finite number.", nameof(detections));
            Assign(_detectionsOf, detections[i].CategoryId, i);
        }
        if (_parameters.ClassAgnostic)
        {
            Pool(_groundTruthsOf);
            Pool(_detectionsOf);
        }
        var matches = new ImageMatches(imageId, _parameters.AreaRanges.Length, Classes);
        InstanceCounts? instances = _instances is null ? null : new InstanceCounts();
        for (int c = 0; c < Classes; c++)
        {
            if (_groundTruthsOf[c].Count + _detectionsOf[c].Count == 0) continue;
            SortByScore(_detectionsOf[c], detections);
            if (instances is not null) _instances!.Add(instances, _overlap, detections, Span(_detectionsOf[c]), groundTruths, Span(_groundTruthsOf[c]));
            MatchClass(c, matches, groundTruths, detections);
        }
        matches.Instances = instances;
        return matches;
    }

    private void Assign(List<int>[] lists, long categoryId, int index)
    {
        int c = Array.BinarySearch(_categories, categoryId);
        if (c >= 0) lists[c].Add(index);
    }

    /// <summary>All classes as one, concatenated in category order.</summary>
    private static void Pool(List<int>[] lists)
    {
        for (int c = 1; c < lists.Length; c++)
        {
            lists[0].AddRange(lists[c]);
            lists[c].Clear();
        }
    }

    private void SortByScore(List<int> order, ReadOnlySpan<Detection> detections)
    {
        _sorted.Clear();
        // Place breaks ties, so that the sort is stable; + 0.0 makes -0 and 0 equal keys.
        for (int i = 0; i < order.Count; i++) _sorted.Add((-detections[order[i]].Score + 0.0, i));
        _sorted.Sort();
        for (int i = 0; i < _sorted.Count; i++) _sorted[i] = (_sorted[i].NegativeScore, order[_sorted[i].Index]);
        for (int i = 0; i < _sorted.Count; i++) order[i] = _sorted[i].Index;
    }

    private void MatchClass(int c, ImageMatches matches, ReadOnlySpan<GroundTruth> groundTruths, ReadOnlySpan<Detection> detections)
    {
        ReadOnlySpan<int> truths = Span(_groundTruthsOf[c]);
        ReadOnlySpan<int> found = Span(_detectionsOf[c]);
        found = found[..Math.Min(found.Length, _parameters.MaxDetections[^1])];
        FindCandidates(groundTruths, truths, detections, found);
        int firstOutcome = matches.OutcomeList.Count;
        CollectionsMarshal.SetCount(matches.OutcomeList, firstOutcome + found.Length * _parameters.AreaRanges.Length);
        for (int d = 0; d < found.Length; d++) matches.DetectionList.Add(new DetectionMatch(c, detections[found[d]].Score, d));
        Span<Outcome> outcomes = CollectionsMarshal.AsSpan(matches.OutcomeList)[firstOutcome..];
        for (int a = 0; a < _parameters.AreaRanges.Length; a++)
            matches.GroundTruthCounts[c * _parameters.AreaRanges.Length + a] = MatchRange(a, outcomes, groundTruths, truths, detections, found);
    }

    /// <summary>For each detection the objects that it overlaps enough to match at some threshold, in the objects' order.</summary>
    private void FindCandidates(ReadOnlySpan<GroundTruth> groundTruths, ReadOnlySpan<int> truths, ReadOnlySpan<Detection> detections, ReadOnlySpan<int> found)
    {
        _candidates.Clear();
        _candidateEnds.Clear();
        if (truths.Length > 0 && found.Length > 0) _overlap.Prepare(detections, found, groundTruths, truths);
        for (int d = 0; d < found.Length; d++)
        {
            for (int g = 0; g < truths.Length; g++)
            {
                double iou = _overlap.Of(d, detections[found[d]], g, groundTruths[truths[g]]);
                if (!(iou < _leastIou)) _candidates.Add((g, iou));
            }
            _candidateEnds.Add(_candidates.Count);
        }
    }

    /// <summary>Matches within one area range and returns how many objects count in it.</summary>
    private int MatchRange(int a, Span<Outcome> outcomes, ReadOnlySpan<GroundTruth> groundTruths, ReadOnlySpan<int> truths, ReadOnlySpan<Detection> detections, ReadOnlySpan<int> found)
    {
        AreaRange range = _parameters.AreaRanges[a];
        if (_taken.Length < truths.Length)
        {
            _taken = new ulong[truths.Length * 2];
            _ignored = new bool[truths.Length * 2];
        }
        int counted = 0;
        for (int g = 0; g < truths.Length; g++)
        {
            ref readonly GroundTruth truth = ref groundTruths[truths[g]];
            bool ignore = truth.IsCrowd || (_parameters.IouType == IouType.Keypoints && truth.LabelledKeypoints == 0);
            _ignored[g] = ignore || range.Excludes(truth.Area);
            _taken[g] = 0;
            if (!_ignored[g]) counted++;
        }
        ulong all = _leastIous.Length == 64 ? ulong.MaxValue : (1UL << _leastIous.Length) - 1;
        ReadOnlySpan<(int GroundTruth, double Iou)> candidates = CollectionsMarshal.AsSpan(_candidates);
        int start = 0;
        for (int d = 0; d < found.Length; d++)
        {
            int end = _candidateEnds[d];
            bool outside = range.Excludes(detections[found[d]].Area);
            Outcome outcome = start == end
                ? new Outcome(0, outside ? all : 0)
                : MatchDetection(candidates[start..end], outside, groundTruths, truths);
            outcomes[d * _parameters.AreaRanges.Length + a] = outcome;
            start = end;
        }
        return counted;
    }

    private Outcome MatchDetection(ReadOnlySpan<(int GroundTruth, double Iou)> candidates, bool outside, ReadOnlySpan<GroundTruth> groundTruths, ReadOnlySpan<int> truths)
    {
        ulong truePositive = 0, ignored = 0;
        for (int t = 0; t < _leastIous.Length; t++)
        {
            // Objects that count come before ignored ones, whatever their overlap.
            int match = Best(candidates, t, ignoredOnes: false, groundTruths, truths);
            if (match < 0) match = Best(candidates, t, ignoredOnes: true, groundTruths, truths);
            ulong bit = 1UL << t;
            if (match >= 0) _taken[match] |= bit;
            // In pycocotools a match is known by the object's id, and 0 means none.
            bool matched = match >= 0 && (_parameters.FixKnownTraps || groundTruths[truths[match]].Id != 0);
            if ((match >= 0 && _ignored[match]) || (!matched && outside)) ignored |= bit;
            else if (matched) truePositive |= bit;
        }
        return new Outcome(truePositive, ignored);
    }

    /// <summary>The free object of the largest overlap that reaches the threshold; of equals the later. -1 if none.</summary>
    private int Best(ReadOnlySpan<(int GroundTruth, double Iou)> candidates, int t, bool ignoredOnes, ReadOnlySpan<GroundTruth> groundTruths, ReadOnlySpan<int> truths)
    {
        double best = _leastIous[t];
        int match = -1;
        foreach ((int g, double iou) in candidates)
        {
            if (_ignored[g] != ignoredOnes || iou < best) continue;
            if ((_taken[g] >> t & 1) != 0 && !groundTruths[truths[g]].IsCrowd) continue;
            best = iou;
            match = g;
        }
        return match;
    }

    private static Span<int> Span(List<int> list) => CollectionsMarshal.AsSpan(list);
}
