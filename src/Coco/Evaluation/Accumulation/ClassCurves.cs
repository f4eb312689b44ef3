using System.Runtime.Intrinsics;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Evaluation.Parts;

namespace MaskRcnn.Coco.Evaluation.Accumulation;

/// <summary>
/// The precision–recall curves of one class, one for each threshold, area range and limit, drawn record by record.
/// </summary>
/// <remarks>
/// The interpolated precision at a recall threshold is the largest precision from the first record that reaches it
/// on. Precision only rises at true positives, and the counts of true positives that reach the thresholds are known
/// beforehand; so it is enough to keep, for each stretch between two thresholds, the largest precision within it.
/// Most records are false or ignored everywhere and touch one counter a range; at a true positive, the cells of
/// neighbouring IoU thresholds are updated as vectors. Counts are doubles, exact up to 2⁵³.
/// </remarks>
internal sealed class ClassCurves
{
    /// <summary>numpy's <c>spacing(1)</c>, which pycocotools adds to every denominator.</summary>
    private const double Spacing = 2.220446049250313e-16;

    private static readonly int Lanes = Vector256<double>.Count;

    private readonly int _thresholds, _ranges, _limits, _recalls;
    private readonly int _stride; // thresholds, rounded up to whole vectors
    private readonly int[] _maxDetections;
    private readonly double[] _recallThresholds;
    private readonly ulong _all;
    private readonly OutcomeCodec _codec;

    // Cells are (a, m, t): the thresholds of one record lie together.
    private readonly double[] _truePositives;
    private readonly double[] _notIgnored;    // only what differs between thresholds
    private readonly long[] _notIgnoredAll;   // (a, m): records that count at every threshold, by the least limit that admits them
    private readonly double[] _best;          // the largest precision within the current stretch
    private readonly double[] _next;          // true positives that end it
    private readonly int[] _reached;          // how many recall thresholds the cell has reached
    private readonly double[] _stretches;     // (cell, reached): the largest precision within each stretch that has ended
    private readonly double[] _scores;        // (cell, recall): the score that reached it
    private readonly double[] _needed;        // (a, recall): true positives that reach it
    private readonly long[] _objects;
    private long _records;

    public ClassCurves(EvaluationParameters parameters)
    {
        _thresholds = parameters.IouThresholds.Length;
        _stride = (_thresholds + Lanes - 1) / Lanes * Lanes;
        _ranges = parameters.AreaRanges.Length;
        _limits = parameters.MaxDetections.Length;
        _recalls = parameters.RecallThresholds.Length;
        _maxDetections = [.. parameters.MaxDetections];
        _recallThresholds = [.. parameters.RecallThresholds];
        _all = _thresholds == 64 ? ulong.MaxValue : (1UL << _thresholds) - 1;
        _codec = new OutcomeCodec(parameters);
        int cells = _ranges * _limits * _stride;
        _truePositives = new double[cells];
        _notIgnored = new double[cells];
        _notIgnoredAll = new long[_ranges * _limits];
        _best = new double[cells];
        _next = new double[cells];
        _reached = new int[cells];
        _stretches = new double[cells * (_recalls + 1)];
        _scores = new double[cells * _recalls];
        _needed = new double[_ranges * (_recalls + 1)];
        _objects = new long[_ranges];
    }

    /// <summary>Begins a class.</summary>
    /// <param name="objectCounts">Objects that count, one number an area range.</param>
    public void Start(long[] objectCounts)
    {
        Array.Clear(_truePositives);
        Array.Clear(_notIgnored);
        Array.Clear(_notIgnoredAll);
        Array.Clear(_best);
        Array.Clear(_reached);
        _records = 0;
        objectCounts.CopyTo(_objects, 0);
        for (int a = 0; a < _ranges; a++)
        {
            for (int r = 0; r < _recalls; r++) _needed[a * (_recalls + 1) + r] = Needed(_recallThresholds[r], _objects[a]);
            _needed[a * (_recalls + 1) + _recalls] = double.PositiveInfinity;
            _next.AsSpan(Cell(a, 0, 0), _limits * _stride).Fill(_needed[a * (_recalls + 1)]);
        }
    }

    /// <summary>Adds the next record.</summary>
    public void Add(RecordReader record)
    {
        int limit = 0;
        while (limit < _limits && _maxDetections[limit] <= record.Rank) limit++;
        if (limit == _limits) return;
        if (_records++ == 0) ReachZero(record.Score);
        if (_codec.TryReadSimple(record.OutcomeBytes, out uint ignored))
        {
            for (int i = limit; i < _notIgnoredAll.Length; i += _limits, ignored >>= 2) _notIgnoredAll[i] += 1 - (ignored & 1);
            return;
        }
        ReadOnlySpan<Outcome> outcomes = record.Outcomes;
        for (int a = 0; a < _ranges; a++)
        {
            Outcome outcome = outcomes[a];
            if (outcome.Ignored == 0) _notIgnoredAll[a * _limits + limit]++;
            else if (outcome.Ignored != _all) AddSome(a, limit, _all & ~outcome.Ignored);
            if (outcome.TruePositive != 0) AddTruePositives(a, limit, outcome.TruePositive, record.Score);
        }
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
        result.Recall[result.RecallIndex(t, k, a, m)] = _records > 0 ? _truePositives[cell] / _objects[a] : 0;
        double best = _best[cell];
        for (int r = _recalls - 1; r >= 0; r--)
        {
            int index = result.PrecisionIndex(t, r, k, a, m);
            bool reached = r < _reached[cell];
            if (reached && r + 1 < _reached[cell]) best = Math.Max(best, _stretches[cell * (_recalls + 1) + r + 1]);
            result.Precision[index] = reached ? best : 0;
            result.Scores[index] = reached ? _scores[cell * _recalls + r] : 0;
        }
    }

    /// <summary>The first record reaches the recall thresholds that need no true positive.</summary>
    private void ReachZero(double score)
    {
        for (int cell = 0; cell < _reached.Length; cell++)
        {
            if (_next[cell] <= 0) Reach(cell / (_limits * _stride), cell, score);
        }
    }

    private void AddSome(int a, int limit, ulong thresholds)
    {
        for (int t = 0; t < _thresholds; t++)
        {
            if ((thresholds >> t & 1) == 0) continue;
            for (int m = limit; m < _limits; m++) _notIgnored[Cell(a, m, t)]++;
        }
    }

    private void AddTruePositives(int a, int limit, ulong thresholds, double score)
    {
        long counted = 0;
        for (int m = 0; m < _limits; m++)
        {
            counted += _notIgnoredAll[a * _limits + m];
            if (m < limit) continue;
            ulong left = thresholds;
            for (int cell = Cell(a, m, 0); left != 0; cell += Lanes, left >>= Lanes)
            {
                Vector256<double> chosen = Vector256.Equals(Vector256.Create(left) & Vector256.Create(1UL, 2, 4, 8), Vector256.Create(1UL, 2, 4, 8)).AsDouble();
                Vector256<double> truePositives = Vector256.Create(_truePositives.AsSpan(cell)) + (chosen & Vector256<double>.One);
                truePositives.CopyTo(_truePositives.AsSpan(cell));
                if (Vector256.GreaterThanOrEqualAny(truePositives, Vector256.Create(_next.AsSpan(cell)))) ReachAny(a, cell, score);
                Vector256<double> all = Vector256.Create((double)counted) + Vector256.Create(_notIgnored.AsSpan(cell));
                Vector256<double> precision = (truePositives / (all + Vector256.Create(Spacing))) & chosen;
                Vector256.Max(precision, Vector256.Create(_best.AsSpan(cell))).CopyTo(_best.AsSpan(cell));
            }
        }
    }

    private void ReachAny(int a, int firstCell, double score)
    {
        for (int cell = firstCell; cell < firstCell + Lanes; cell++)
        {
            if (_truePositives[cell] >= _next[cell]) Reach(a, cell, score);
        }
    }

    /// <summary>Ends the cell's stretch: the next recall threshold, or several, is reached.</summary>
    private void Reach(int a, int cell, double score)
    {
        ref int reached = ref _reached[cell];
        _stretches[cell * (_recalls + 1) + reached] = _best[cell];
        int needed = a * (_recalls + 1);
        while (_truePositives[cell] >= _needed[needed + reached])
        {
            _scores[cell * _recalls + reached++] = score;
            _stretches[cell * (_recalls + 1) + reached] = 0;
        }
        _next[cell] = _needed[needed + reached];
        _best[cell] = 0;
    }

    private int Cell(int a, int m, int t) => (a * _limits + m) * _stride + t;

    /// <summary>The least count of true positives whose recall, in double, reaches the threshold.</summary>
    private static double Needed(double recall, long objects)
    {
        if (objects == 0) return double.PositiveInfinity;
        double count = Math.Ceiling(recall * objects);
        while (count > 0 && (count - 1) / objects >= recall) count--;
        while (count / objects < recall) count++;
        return count;
    }
}
