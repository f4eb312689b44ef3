using System.Numerics;
using MaskRcnn.Coco.Evaluation.Matching;

namespace MaskRcnn.Coco.Evaluation.Accumulation;

/// <summary>
/// The precision–recall curves of one class, one for each threshold, area range and limit, drawn record by record.
/// </summary>
/// <remarks>
/// The interpolated precision at a recall threshold is the largest precision from the first record that reaches it
/// on. Precision only rises at true positives, and the thresholds that a count of true positives reaches are known
/// beforehand; so it is enough to keep, for each stretch between two thresholds, the largest precision within it.
/// </remarks>
internal sealed class ClassCurves
{
    /// <summary>numpy's <c>spacing(1)</c>, which pycocotools adds to every denominator.</summary>
    private const double Spacing = 2.220446049250313e-16;

    private readonly int _thresholds, _ranges, _limits, _recalls;
    private readonly int[] _maxDetections;
    private readonly double[] _sortedRecalls;
    private readonly int[] _recallOrder;
    private readonly ulong _all;

    // Cells are (a, m, t): the thresholds of one record lie together.
    private readonly long[] _truePositives;
    private readonly long[] _notIgnored;     // only what differs between thresholds
    private readonly long[] _notIgnoredAll;  // (a, m): records that count at every threshold, by the least limit that admits them
    private readonly int[] _reached;         // how many recall thresholds the cell has reached
    private readonly double[] _best;         // (cell, reached): the largest precision within the stretch
    private readonly double[] _scores;       // (cell, recall): the score that reached it
    private readonly long[] _needed;         // (a, recall): true positives that reach it
    private readonly long[] _objects;
    private long _records;

    public ClassCurves(EvaluationParameters parameters)
    {
        _thresholds = parameters.IouThresholds.Length;
        _ranges = parameters.AreaRanges.Length;
        _limits = parameters.MaxDetections.Length;
        _recalls = parameters.RecallThresholds.Length;
        _maxDetections = [.. parameters.MaxDetections];
        _recallOrder = [.. Enumerable.Range(0, _recalls).OrderBy(r => parameters.RecallThresholds[r])];
        _sortedRecalls = [.. _recallOrder.Select(r => parameters.RecallThresholds[r])];
        _all = _thresholds == 64 ? ulong.MaxValue : (1UL << _thresholds) - 1;
        int cells = _ranges * _limits * _thresholds;
        _truePositives = new long[cells];
        _notIgnored = new long[cells];
        _notIgnoredAll = new long[_ranges * _limits];
        _reached = new int[cells];
        _best = new double[cells * (_recalls + 1)];
        _scores = new double[cells * _recalls];
        _needed = new long[_ranges * _recalls];
        _objects = new long[_ranges];
    }

    /// <summary>Begins a class.</summary>
    /// <param name="objectCounts">Objects that count, one number an area range.</param>
    public void Start(long[] objectCounts)
    {
        Array.Clear(_truePositives);
        Array.Clear(_notIgnored);
        Array.Clear(_notIgnoredAll);
        Array.Clear(_reached);
        Array.Clear(_best);
        Array.Clear(_scores);
        _records = 0;
        objectCounts.CopyTo(_objects, 0);
        for (int a = 0; a < _ranges; a++)
        {
            for (int r = 0; r < _recalls; r++) _needed[a * _recalls + r] = Needed(_sortedRecalls[r], _objects[a]);
        }
    }

    /// <summary>Adds the next record.</summary>
    public void Add(double score, int rank, ReadOnlySpan<Outcome> outcomes)
    {
        int limit = 0;
        while (limit < _limits && _maxDetections[limit] <= rank) limit++;
        if (limit == _limits) return;
        for (int a = 0; a < _ranges; a++)
        {
            Outcome outcome = outcomes[a];
            if (_objects[a] == 0) continue;
            if (_records == 0) ReachZero(a, score);
            if (outcome.Ignored == 0) _notIgnoredAll[a * _limits + limit]++;
            else if (outcome.Ignored != _all) AddSome(a, limit, _all & ~outcome.Ignored);
            if (outcome.TruePositive != 0) AddTruePositives(a, limit, outcome.TruePositive, score);
        }
        _records++;
    }

    /// <summary>Writes the class's precision, recall and scores.</summary>
    public void WriteTo(EvaluationResult result, int k)
    {
        for (int a = 0; a < _ranges; a++)
        {
            if (_objects[a] == 0) continue;
            for (int m = 0; m < _limits; m++)
            {
                for (int t = 0; t < _thresholds; t++) WriteCell(result, k, a, m, t);
            }
        }
    }

    private void WriteCell(EvaluationResult result, int k, int a, int m, int t)
    {
        int cell = Cell(a, m, t);
        result.Recall[result.RecallIndex(t, k, a, m)] = _records > 0 ? (double)_truePositives[cell] / _objects[a] : 0;
        double best = 0;
        for (int r = _recalls - 1; r >= 0; r--)
        {
            int index = result.PrecisionIndex(t, _recallOrder[r], k, a, m);
            bool reached = r < _reached[cell];
            if (reached) best = Math.Max(best, _best[cell * (_recalls + 1) + r + 1]);
            result.Precision[index] = reached ? best : 0;
            result.Scores[index] = reached ? _scores[cell * _recalls + r] : 0;
        }
    }

    /// <summary>The first record reaches the recall thresholds that need no true positive.</summary>
    private void ReachZero(int a, double score)
    {
        for (int cell = Cell(a, 0, 0); cell < Cell(a + 1, 0, 0); cell++) Reach(a, cell, 0, score);
    }

    private void AddSome(int a, int limit, ulong thresholds)
    {
        for (; thresholds != 0; thresholds &= thresholds - 1)
        {
            int t = BitOperations.TrailingZeroCount(thresholds);
            for (int m = limit; m < _limits; m++) _notIgnored[Cell(a, m, t)]++;
        }
    }

    private void AddTruePositives(int a, int limit, ulong thresholds, double score)
    {
        long counted = 0;
        for (int m = 0; m < limit; m++) counted += _notIgnoredAll[a * _limits + m];
        for (int m = limit; m < _limits; m++)
        {
            counted += _notIgnoredAll[a * _limits + m];
            for (ulong left = thresholds; left != 0; left &= left - 1)
            {
                int cell = Cell(a, m, BitOperations.TrailingZeroCount(left));
                long truePositives = ++_truePositives[cell];
                double all = counted + _notIgnored[cell];
                double precision = truePositives / (all + Spacing);
                Reach(a, cell, truePositives, score);
                ref double best = ref _best[cell * (_recalls + 1) + _reached[cell]];
                if (precision > best) best = precision;
            }
        }
    }

    private void Reach(int a, int cell, long truePositives, double score)
    {
        ref int reached = ref _reached[cell];
        while (reached < _recalls && truePositives >= _needed[a * _recalls + reached]) _scores[cell * _recalls + reached++] = score;
    }

    private int Cell(int a, int m, int t) => (a * _limits + m) * _thresholds + t;

    /// <summary>The least count of true positives whose recall, in double, reaches the threshold.</summary>
    private static long Needed(double recall, long objects)
    {
        if (objects == 0) return long.MaxValue;
        long count = (long)Math.Ceiling(recall * objects);
        while (count > 0 && (double)(count - 1) / objects >= recall) count--;
        while ((double)count / objects < recall) count++;
        return count;
    }
}
