using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Model;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Client.Inference;

/// <summary>Options of every command that runs a model: which one, where, and what is changed in its configuration.</summary>
internal sealed class InferenceOptions
{
    private static readonly Dictionary<string, Precision> Precisions = new() { ["fp32"] = Detection.Layers.Precision.Fp32, ["bf16"] = Detection.Layers.Precision.Bf16 };
    private static readonly Dictionary<string, ResizeRule> ResizeRules = new() { ["double"] = Detection.Configuration.ResizeRule.DoublePrecision, ["single-reciprocal"] = Detection.Configuration.ResizeRule.SingleReciprocal };
    private static readonly Dictionary<string, PasteRule> PasteRules = new() { ["torchvision"] = Detection.Configuration.PasteRule.Torchvision, ["detectron2"] = Detection.Configuration.PasteRule.Detectron2 };

    /// <summary>A network's input of this size has activations of some 100 GB.</summary>
    private const long LargestSide = 16_384;

    private readonly bool _proceduralWeights;

    /// <param name="proceduralWeights">Whether <c>--weights</c> may be left out, for a model whose weights are made by a formula.</param>
    public InferenceOptions(bool proceduralWeights)
    {
        _proceduralWeights = proceduralWeights;
        Precision.AcceptOnlyFromAmong([.. Precisions.Keys]);
        ResizeRule.AcceptOnlyFromAmong([.. ResizeRules.Keys]);
        PasteRule.AcceptOnlyFromAmong([.. PasteRules.Keys]);
    }

    private Option<string?> Model { get; } = new("--model", "-m") { Description = "A model file, made by 'maskrcnn model convert' or by training.", HelpName = "FILE" };

    private Option<string?> Architecture { get; } = ModelOptions.Architecture("The architecture of --weights.");

    private Option<string?> Weights { get; } = new("--weights", "-w") { Description = "Weights: safetensors, or a state dict saved by PyTorch.", HelpName = "FILE" };

    private Option<double?> NormEps { get; } = ModelOptions.NormEps();

    private Option<string> Device { get; } = new("--device") { Description = "Where to compute: cpu, cuda, cuda:0, … or auto.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };

    private Option<string> Precision { get; } = new("--precision") { Description = "fp32: torchvision's answers. bf16: faster.", HelpName = "PRECISION", DefaultValueFactory = _ => "fp32" };

    private Option<long?> Threads { get; } = NumberOption.Whole("--threads", "Threads that compute. [default: the cores, or the container's CPU quota]", 1, 1024);

    private Option<double?> ScoreThreshold { get; } = NumberOption.Real("--score-threshold", "Detections need a score above this, 0 to 1. [default: the model's]", 0, 1);

    private Option<long?> MaxDetections { get; } = NumberOption.Whole("--max-detections", "Most detections of an image. [default: the model's]", 1, 100_000);

    private Option<double?> MaskNms { get; } = NumberOption.Real("--mask-nms", "Share of the smaller of two masks, 0 to 1, above which the worse of the two is dropped. [default: the model's]", 0, 1);

    private Option<long?> MinSize { get; } = NumberOption.Whole("--min-size", "Pixels that the shorter side is resized to. [default: the model's]", 1, LargestSide);

    private Option<long?> MaxSize { get; } = NumberOption.Whole("--max-size", "Limit in pixels of the longer side after the resize. [default: the model's]", 1, LargestSide);

    private Option<string?> ResizeRule { get; } = new("--resize-rule") { Description = "How the size is rounded: double (torchvision 0.15 and newer) or single-reciprocal (0.14 and older). [default: the model's]", HelpName = "RULE" };

    private Option<string?> PasteRule { get; } = new("--paste-rule") { Description = "How masks are brought to the image: torchvision or detectron2. [default: the model's]", HelpName = "RULE" };

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [Model, Architecture, Weights, NormEps, Device, Precision, Threads, ScoreThreshold, MaxDetections, MaskNms, MinSize, MaxSize, ResizeRule, PasteRule];

    /// <summary>Loads the model that was asked for.</summary>
    public LoadedModel Load(ParseResult arguments, CommandOutput output)
    {
        (ModelConfiguration configuration, StateDict weights, string path, IDisposable? file) = Open(arguments, output);
        using (file)
        {
            using StateDict _ = weights;
            ExecutionPlan plan = new(ComputeDevice.Parse(arguments.GetRequiredValue(Device)), Precisions[arguments.GetRequiredValue(Precision)]);
            if (arguments.GetValue(Threads) is { } threads) KernelThreads.Count = (int)threads;
            return new LoadedModel(Detector.Load(Changed(configuration, arguments), weights, path, plan), path);
        }
    }

    private (ModelConfiguration Configuration, StateDict Weights, string Path, IDisposable? File) Open(ParseResult arguments, CommandOutput output)
    {
        string? model = arguments.GetValue(Model), architecture = arguments.GetValue(Architecture), weights = arguments.GetValue(Weights);
        if (model is not null)
        {
            if (architecture is not null || weights is not null) throw CommandException.Usage("--model is a whole model; expected it alone, or --arch with --weights.");
            ModelFile file = ModelFile.Read(InputPath.ExistingFile(model));
            ModelConfiguration configuration = arguments.GetValue(NormEps) is { } eps ? new NormEps(eps, "").ApplyTo(file.Configuration) : file.Configuration;
            return (configuration, file.Weights, model, file);
        }

        if (architecture is null && weights is not null)
        {
            using WeightFile unknown = WeightFile.Open(InputPath.ExistingFile(weights));
            throw CommandException.Usage($"--weights {weights} needs --arch NAME. {Advice(unknown)}");
        }

        if (architecture is null) throw CommandException.Usage("There is no model; expected --model FILE, or --arch NAME with --weights FILE.");
        ModelConfiguration preset = ModelPresets.Get(architecture);
        if (weights is null)
        {
            if (!_proceduralWeights) throw CommandException.Usage("--arch is only a model with --weights FILE.");
            return (preset, ProceduralWeights.Create(preset), "procedural weights", null);
        }

        WeightFile stored = WeightFile.Open(InputPath.ExistingFile(weights));
        try
        {
            ImportedModel imported = ImportedModel.Of(stored, preset, arguments.GetValue(NormEps));
            if (!imported.Differences.Fits)
            {
                var mismatch = new StateDictMismatchException(weights, architecture, imported.Differences);
                throw new CommandException(ExitCode.Error, "weights_mismatch", $"{mismatch.Message} {Advice(stored)}") { Details = new Dictionary<string, object> { ["file"] = weights } };
            }

            output.Error.WriteLine($"norm eps {imported.NormEps}");
            foreach (string note in imported.Notes) output.Error.WriteLine($"note: {note}");
            return (imported.Configuration, imported.Weights, weights, stored);
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    private static string Advice(WeightFile file)
    {
        IReadOnlyList<string> fitting = ImportedModel.FittingPresets(file);
        return fitting.Count == 0 ? "Its keys fit no preset." : $"Its keys fit --arch {string.Join(" or ", fitting)}.";
    }

    private ModelConfiguration Changed(ModelConfiguration model, ParseResult arguments)
    {
        if (arguments.GetValue(ScoreThreshold) is { } score) model = model with { PostProcessing = model.PostProcessing with { ScoreThreshold = score } };
        if (arguments.GetValue(MaxDetections) is { } most) model = model with { PostProcessing = model.PostProcessing with { MaxDetections = (int)most } };
        if (arguments.GetValue(MaskNms) is { } overlap) model = model with { PostProcessing = model.PostProcessing with { MaskNmsThreshold = overlap } };
        if (arguments.GetValue(PasteRule) is { } paste) model = model with { PostProcessing = model.PostProcessing with { PasteRule = PasteRules[paste] } };
        if (arguments.GetValue(MinSize) is { } shorter) model = model with { Transform = model.Transform with { MinSizes = [(int)shorter] } };
        if (arguments.GetValue(MaxSize) is { } longer) model = model with { Transform = model.Transform with { MaxSize = (int)longer } };
        if (arguments.GetValue(ResizeRule) is { } resize) model = model with { Transform = model.Transform with { ResizeRule = ResizeRules[resize] } };
        return model;
    }
}
