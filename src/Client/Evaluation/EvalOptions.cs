using System.CommandLine;
using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Client.Evaluation;

/// <summary>The options of <c>maskrcnn eval</c>.</summary>
internal sealed class EvalOptions
{
    private const double DefaultScoreThreshold = .5;

    private readonly Option<FileInfo> _groundTruth = new("--gt") { Description = "The data set: a COCO instances or keypoints file.", HelpName = "FILE", Required = true };
    private readonly Option<FileInfo> _results = new("--dt") { Description = "The detections: a COCO results file.", HelpName = "FILE", Required = true };
    private readonly Option<string> _iouType = new("--iou-type") { Description = "What to compare by: bbox, segm or keypoints.", HelpName = "TYPE", Required = true };
    private readonly Option<int[]?> _maxDetections = ListOption.Ints("--max-dets", "Limits on detections per image and class. [default: 1,10,100; keypoints: 20]");
    private readonly Option<double[]?> _iouThresholds = ListOption.Doubles("--iou-thresholds", "IoU or OKS thresholds. [default: 0.50,0.55 … 0.95]");
    private readonly Option<double[]?> _recallThresholds = ListOption.Doubles("--recall-thresholds", "Recall thresholds. [default: 0,0.01 … 1]");
    private readonly Option<AreaRange[]?> _areaRanges = ListOption.Create<AreaRange>("--area-ranges", "Area ranges, pixels². [default: all:0:1e10,small:0:1024,medium:1024:9216,large:9216:1e10]", "name:low:high", TryParseRange);
    private readonly Option<long[]?> _categoryIds = ListOption.Longs("--category-ids", "Only these categories.");
    private readonly Option<bool> _classAgnostic = new("--class-agnostic") { Description = "Evaluate all categories as one." };
    private readonly Option<double[]?> _sigmas = ListOption.Doubles("--sigmas", "Keypoint sigmas, one each. [default: COCO's 17]");
    private readonly Option<bool> _perClass = new("--per-class") { Description = "Also report every class." };
    private readonly Option<FileInfo?> _imageIds = new("--image-ids") { Description = "Only these images: a JSON array of ids, or one id a line.", HelpName = "FILE" };
    private readonly Option<double?> _scoreThreshold = ListOption.Double(
        "--score-threshold", $"Least score of detections in instance metrics. [default: {DefaultScoreThreshold.ToString(CultureInfo.InvariantCulture)}]", "S");
    private readonly Option<bool> _instanceMetrics = new("--instance-metrics") { Description = "Also report the one-to-one metrics of microscopy (StarDist, DSB 2018)." };
    private readonly Option<bool> _fixKnownTraps = new("--fix-known-traps") { Description = "Ids of 0 match, masks' own areas, AP at the last of --max-dets." };
    private readonly Option<double?> _minimumAp = ListOption.Double("--min-ap", "Exit with 6 if AP is below.", "X");
    private readonly Option<DirectoryInfo?> _output = new("--output", "-o") { Description = "Write PR curves, per-class and per-image tables here.", HelpName = "DIR" };

    public EvalOptions() => _iouType.AcceptOnlyFromAmong("bbox", "segm", "keypoints");

    public IEnumerable<Option> All =>
    [
        _groundTruth, _results, _iouType, _maxDetections, _iouThresholds, _recallThresholds, _areaRanges, _categoryIds, _classAgnostic, _sigmas,
        _perClass, _imageIds, _scoreThreshold, _instanceMetrics, _fixKnownTraps, _minimumAp, _output,
    ];

    /// <exception cref="CommandException">The options do not fit together.</exception>
    public EvalRequest Read(ParseResult arguments)
    {
        double? minimumAp = arguments.GetValue(_minimumAp);
        if (minimumAp is not null and not (>= 0 and <= 1)) throw CommandException.Usage($"--min-ap {minimumAp} is not an AP; expected 0 to 1.");
        string? output = arguments.GetValue(_output)?.FullName;
        return new EvalRequest
        {
            Files = new FileEvaluationOptions
            {
                GroundTruthPath = Existing(arguments.GetRequiredValue(_groundTruth)),
                ResultsPath = Existing(arguments.GetRequiredValue(_results)),
                Parameters = Parameters(arguments),
                CategoryIds = arguments.GetValue(_categoryIds) is { Length: > 0 } categories ? categories : null,
                ImageIds = arguments.GetValue(_imageIds) is { } file ? ImageIdFile.Read(Existing(file)) : null,
                PerImage = output is not null,
            },
            PerClass = arguments.GetValue(_perClass),
            MinimumAp = minimumAp,
            OutputFolder = output,
        };
    }

    private EvaluationParameters Parameters(ParseResult arguments)
    {
        IouType iouType = Enum.Parse<IouType>(arguments.GetRequiredValue(_iouType), ignoreCase: true);
        double? score = arguments.GetValue(_scoreThreshold);
        bool instances = arguments.GetValue(_instanceMetrics);
        if (score is not null && !instances) throw CommandException.Usage("--score-threshold is for --instance-metrics only; AP takes all scores.");
        EvaluationParameters defaults = EvaluationParameters.Default(iouType);
        EvaluationParameters parameters = defaults with
        {
            MaxDetections = arguments.GetValue(_maxDetections) is { Length: > 0 } limits ? [.. limits.Order()] : defaults.MaxDetections,
            IouThresholds = arguments.GetValue(_iouThresholds) is { Length: > 0 } ious ? [.. ious] : defaults.IouThresholds,
            RecallThresholds = arguments.GetValue(_recallThresholds) is { Length: > 0 } recalls ? [.. recalls.Order()] : defaults.RecallThresholds,
            AreaRanges = arguments.GetValue(_areaRanges) is { Length: > 0 } ranges ? [.. ranges] : defaults.AreaRanges,
            Sigmas = arguments.GetValue(_sigmas) is { Length: > 0 } sigmas ? [.. sigmas] : defaults.Sigmas,
            ClassAgnostic = arguments.GetValue(_classAgnostic),
            FixKnownTraps = arguments.GetValue(_fixKnownTraps),
            InstanceScoreThreshold = instances ? score ?? DefaultScoreThreshold : null,
        };
        return parameters.Validate() is { Count: > 0 } problems ? throw CommandException.Usage(string.Join("; ", problems) + ".") : parameters;
    }

    private static string Existing(FileInfo file) =>
        InputPath.ExistingFile(file.FullName);

    private static bool TryParseRange(string text, out AreaRange range)
    {
        range = default;
        string[] parts = text.Split(':');
        if (parts.Length != 3 || !ListOption.TryParseDouble(parts[1], out double low) || !ListOption.TryParseDouble(parts[2], out double high)) return false;
        range = new AreaRange(parts[0], low, high);
        return true;
    }
}
