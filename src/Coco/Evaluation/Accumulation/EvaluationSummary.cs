using System.Globalization;

namespace MaskRcnn.Coco.Evaluation.Accumulation;

/// <summary>The familiar twelve (keypoints: ten) numbers: pycocotools' <c>summarize</c>.</summary>
/// <remarks>
/// pycocotools reads AP at a limit of exactly 100 detections, the others at the third limit; in keypoint evaluation
/// all are read at exactly 20. Where the limits do not hold that number, the result is −1.
/// With <see cref="EvaluationParameters.FixKnownTraps"/>, everything but AR1 and AR10 is read at the last limit.
/// </remarks>
public sealed class EvaluationSummary
{
    private const int HardWiredLimit = 100;
    private const int HardWiredKeypointLimit = 20;

    private readonly EvaluationResult _result;
    private readonly EvaluationParameters _parameters;
    private readonly List<double> _selected = [];

    private EvaluationSummary(EvaluationResult result, int? k)
    {
        _result = result;
        _parameters = result.Parameters;
        Lines = _parameters.IouType == IouType.Keypoints ? KeypointLines(k) : DetectionLines(k);
    }

    /// <summary>The numbers, in pycocotools' order.</summary>
    public IReadOnlyList<SummaryLine> Lines { get; }

    /// <summary>AP over all IoU thresholds; −1 if there is none.</summary>
    public double AveragePrecision => Lines[0].Value;

    /// <summary>The summary over all classes.</summary>
    /// <param name="result">The accumulated evaluation.</param>
    public static EvaluationSummary Of(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new EvaluationSummary(result, null);
    }

    /// <summary>The summary of one class.</summary>
    /// <param name="result">The accumulated evaluation.</param>
    /// <param name="classIndex">Index of the class.</param>
    public static EvaluationSummary OfClass(EvaluationResult result, int classIndex)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new EvaluationSummary(result, classIndex);
    }

    private SummaryLine[] DetectionLines(int? k)
    {
        int first = LimitAt(0), second = LimitAt(1), main = MainLimit();
        int all = _parameters.FixKnownTraps ? main : HardWiredLimit;
        return
        [
            Line("AP", true, null, "all", all, k), Line("AP50", true, .5, "all", main, k), Line("AP75", true, .75, "all", main, k),
            Line("APs", true, null, "small", main, k), Line("APm", true, null, "medium", main, k), Line("APl", true, null, "large", main, k),
            Line("AR1", false, null, "all", first, k), Line("AR10", false, null, "all", second, k), Line("AR100", false, null, "all", LimitAt(2), k),
            Line("ARs", false, null, "small", main, k), Line("ARm", false, null, "medium", main, k), Line("ARl", false, null, "large", main, k),
        ];
    }

    private SummaryLine[] KeypointLines(int? k)
    {
        int limit = _parameters.FixKnownTraps ? _parameters.MaxDetections[^1] : HardWiredKeypointLimit;
        return
        [
            Line("AP", true, null, "all", limit, k), Line("AP50", true, .5, "all", limit, k), Line("AP75", true, .75, "all", limit, k),
            Line("APm", true, null, "medium", limit, k), Line("APl", true, null, "large", limit, k),
            Line("AR", false, null, "all", limit, k), Line("AR50", false, .5, "all", limit, k), Line("AR75", false, .75, "all", limit, k),
            Line("ARm", false, null, "medium", limit, k), Line("ARl", false, null, "large", limit, k),
        ];
    }

    private int LimitAt(int index) => index < _parameters.MaxDetections.Length ? _parameters.MaxDetections[index] : -1;

    private int MainLimit() => _parameters.FixKnownTraps || _parameters.MaxDetections.Length < 3 ? _parameters.MaxDetections[^1] : _parameters.MaxDetections[2];

    private SummaryLine Line(string key, bool precision, double? iou, string area, int limit, int? k) =>
        new(key, Mean(precision, iou, area, limit, k), Describe(precision, iou, area, limit));

    /// <summary>The mean over what is not −1 of the selected thresholds, classes, range and limit; −1 if nothing is.</summary>
    private double Mean(bool precision, double? iou, string area, int limit, int? k)
    {
        int a = IndexOfRange(area), m = _parameters.MaxDetections.IndexOf(limit);
        if (a < 0 || m < 0) return -1;
        _selected.Clear();
        for (int t = 0; t < _parameters.IouThresholds.Length; t++)
        {
            if (iou is not null && _parameters.IouThresholds[t] != iou) continue;
            // The order is that of the arrays, on which the last bit of the mean depends.
            for (int r = 0; r < (precision ? _parameters.RecallThresholds.Length : 1); r++)
            {
                for (int c = k ?? 0; c < (k is null ? _result.ClassCount : k + 1); c++)
                {
                    double value = precision ? _result.Precision[_result.PrecisionIndex(t, r, c, a, m)] : _result.Recall[_result.RecallIndex(t, c, a, m)];
                    if (value > -1) _selected.Add(value);
                }
            }
        }
        return _selected.Count == 0 ? -1 : PairwiseSum.Mean(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_selected));
    }

    private int IndexOfRange(string name)
    {
        for (int a = 0; a < _parameters.AreaRanges.Length; a++)
        {
            if (_parameters.AreaRanges[a].Name == name) return a;
        }
        return -1;
    }

    private string Describe(bool precision, double? iou, string area, int limit)
    {
        string title = precision ? "Average Precision" : "Average Recall";
        string type = precision ? "(AP)" : "(AR)";
        string range = iou is { } one
            ? one.ToString("F2", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{_parameters.IouThresholds[0]:F2}:{_parameters.IouThresholds[^1]:F2}");
        return string.Create(CultureInfo.InvariantCulture, $" {title,-18} {type} @[ IoU={range,-9} | area={area,6} | maxDets={(limit < 0 ? "-" : limit.ToString(CultureInfo.InvariantCulture)),3} ] = ");
    }
}
