using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Sources;

namespace MaskRcnn.Client.Jobs;

/// <summary>The options of <c>maskrcnn job submit</c> that say what the job is.</summary>
internal sealed class SubmitOptions
{
    private const double LongestImageSeconds = 86_400;
    private const string Always = "always";
    private const int MostPriority = 1_000_000;

    private readonly Option<string> _images = new("--images") { Description = "The collection: a folder with its subfolders, az://container/prefix, or https://…; or there a manifest (.txt, .jsonl), a COCO file (.json) or a .tar.", HelpName = "URI", Required = true };
    private readonly Option<string?> _source = new("--source") { Description = "What --images is: folder, manifest, coco or tar. [default: by how it ends]", HelpName = "KIND" };
    private readonly Option<string?> _imagesRoot = new("--images-root") { Description = "Where the names of a manifest or COCO file begin. [default: in its folder]", HelpName = "URI" };
    private readonly Option<string> _model = new("--model", "-m") { Description = "A model file, here or in a store.", HelpName = "URI", Required = true };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The folder below which the job writes, in one named by its id.", HelpName = "URI", Required = true };
    private readonly Option<string?> _annotations = new("--annotations") { Description = "COCO ground truth: gives the images their ids, and the results are evaluated.", HelpName = "URI" };
    private readonly Option<string?> _name = new("--name") { Description = "A name, unique in the cluster. Submitted again with the same parameters it is the same job. [default: the job's id]", HelpName = "NAME" };
    private readonly Option<long?> _shardSize = NumberOption.Whole("--shard-size", "Images that a worker takes at once. [default: estimated for 10 to 30 s of work]", 1, 4096);
    private readonly Option<double?> _scoreThreshold = NumberOption.Real("--score-threshold", "Detections need a score above this, 0 to 1. [default: the model's]", 0, 1);
    private readonly Option<int[]?> _maxDetections = ListOption.Ints("--max-dets", "Limits on detections per image and class in the evaluation. [default: 1,10,100]");
    private readonly Option<double?> _maxFailureRate = NumberOption.Real("--max-failure-rate", "The job fails when a larger part of its images does, 0 to 1. [default: never]", 0, 1);
    private readonly Option<long?> _priority = NumberOption.Whole("--priority", "Jobs of higher priority go first. [default: 0]", -MostPriority, MostPriority);
    private readonly Option<double?> _weight = NumberOption.Real("--weight", "Its part of the devices, against those of other jobs of its priority. [default: 1]", .001, 1000);
    private readonly Option<string?> _tenant = new("--tenant") { Description = "On whose account it runs: the cluster may limit a tenant's devices.", HelpName = "NAME" };
    private readonly Option<string?> _pool = new("--pool") { Description = "The pool of workers that works on it. [default: default]", HelpName = "NAME" };
    private readonly Option<string?> _deadline = new("--deadline") { Description = "In which time from its start it should be done, such as 90m or 8h: for how many workers are wanted. [default: 1h]", HelpName = "TIME" };
    private readonly Option<long?> _maxWorkers = NumberOption.Whole("--max-workers", "Most workers that are wanted for it. [default: the cluster's]", 1, 100_000);
    private readonly Option<string?> _pattern = new("--pattern") { Description = "Only images whose path below --images matches, such as 'plate1/**/*.png'. [default: what ends as images do]", HelpName = "GLOB" };
    private readonly Option<long?> _limit = NumberOption.Whole("--limit", "Only the first so many images, in name order. [default: all]", 1, long.MaxValue);
    private readonly Option<string> _precision = new("--precision") { Description = "fp32: torchvision's answers. bf16: faster.", HelpName = "PRECISION", DefaultValueFactory = _ => "fp32" };
    private readonly Option<bool> _png = new("--png") { Description = "Also write masks as PNG into the archive." };
    private readonly Option<string?> _keepParts = new("--keep-parts") { Description = "How long the workers' parts stay after the end, as a retry needs them: such as 12h or 30d, 0 for not at all, or 'always'. [default: 7d]", HelpName = "TIME" };
    private readonly Option<string?> _maxEvalMemory = new("--max-eval-memory") { Description = "Most memory that the evaluation may need, such as 500MB; it grows with images and categories. [default: 4GB]", HelpName = "SIZE" };
    private readonly Option<bool> _deterministic = new("--deterministic") { Description = "Ask a GPU for the same bits every time; slower." };
    private readonly Option<long?> _batchSize = NumberOption.Whole("--batch-size", "Images given to the model at once; results do not depend on it. [default: the device's]", 1, 1024);
    private readonly Option<double?> _imageSeconds = NumberOption.Real("--image-seconds", "Seconds that one image may take. [default: 120]", .001, LongestImageSeconds);
    private readonly Option<bool> _noThumbnails = new("--no-thumbnails") { Description = "Make no thumbnails." };

    public SubmitOptions()
    {
        _precision.AcceptOnlyFromAmong("fp32", "bf16");
        _source.AcceptOnlyFromAmong([.. SourceKinds.All]);
    }

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        _images, _source, _imagesRoot, _model, _output, _annotations, _name, _shardSize, _scoreThreshold, _maxDetections, _maxFailureRate, _priority, _weight, _tenant, _pool, _deadline, _maxWorkers, _pattern, _limit, _precision,
        _png, _keepParts, _maxEvalMemory, _deterministic, _batchSize, _imageSeconds, _noThumbnails,
    ];

    /// <summary>What is asked for; local paths are absolute, as the cluster's processes have folders of their own.</summary>
    /// <exception cref="CommandException">A local input is not there, or a value is not possible.</exception>
    public JobSpecification Read(ParseResult arguments)
    {
        var specification = new JobSpecification
        {
            Name = arguments.GetValue(_name),
            Images = JobUri.Collection(arguments.GetRequiredValue(_images), arguments.GetValue(_source), "--images"),
            Source = arguments.GetValue(_source),
            ImagesRoot = arguments.GetValue(_imagesRoot) is { } root ? JobUri.ExistingFolder(root, "--images-root") : null,
            Model = JobUri.ExistingFile(arguments.GetRequiredValue(_model), "--model"),
            Output = JobUri.Folder(arguments.GetRequiredValue(_output), "--output"),
            Annotations = arguments.GetValue(_annotations) is { } annotations ? JobUri.ExistingFile(annotations, "--annotations") : null,
            Pattern = arguments.GetValue(_pattern),
            Limit = arguments.GetValue(_limit),
            ShardSize = (int?)arguments.GetValue(_shardSize),
            ScoreThreshold = arguments.GetValue(_scoreThreshold),
            EvaluationLimits = Limits(arguments.GetValue(_maxDetections)),
            MaxFailureRate = arguments.GetValue(_maxFailureRate),
            Priority = (int)(arguments.GetValue(_priority) ?? 0),
            Weight = arguments.GetValue(_weight) ?? 1,
            Tenant = arguments.GetValue(_tenant),
            Pool = arguments.GetValue(_pool) ?? JobWork.DefaultPool,
            DeadlineSeconds = arguments.GetValue(_deadline) is { } deadline ? DurationText.Seconds(deadline, "--deadline") : JobSpecification.DefaultDeadlineSeconds,
            MaxWorkers = (int?)arguments.GetValue(_maxWorkers),
            Precision = arguments.GetRequiredValue(_precision),
            Png = arguments.GetValue(_png),
            KeepParts = arguments.GetValue(_keepParts) == Always,
            KeepPartsSeconds = KeepSeconds(arguments.GetValue(_keepParts)),
            MaxEvaluationBytes = arguments.GetValue(_maxEvalMemory) is { } memory ? SizeText.Bytes(memory, "--max-eval-memory") : null,
            Deterministic = arguments.GetValue(_deterministic),
            BatchSize = (int?)arguments.GetValue(_batchSize),
            Thumbnails = !arguments.GetValue(_noThumbnails),
        };
        if (specification.Name is { } name && string.IsNullOrWhiteSpace(name)) throw CommandException.Usage("--name is empty; expected a name, or none at all.");
        return arguments.GetValue(_imageSeconds) is { } seconds ? specification with { ImageSeconds = seconds } : specification;
    }

    private static double? KeepSeconds(string? text) => text switch
    {
        null or Always => null,
        "0" => 0,
        _ => DurationText.Seconds(text, "--keep-parts"),
    };

    private static int[]? Limits(int[]? limits)
    {
        if (limits is null or []) return null;
        int[] ascending = [.. limits.Order()];
        if (ascending[0] < 1) throw CommandException.Usage($"--max-dets {ascending[0]} is not possible; expected numbers from 1.");
        return ascending.Distinct().Count() == ascending.Length ? ascending : throw CommandException.Usage($"--max-dets {string.Join(',', limits)} names a limit twice.");
    }
}
