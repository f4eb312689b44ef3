using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Training.Optimization;

namespace MaskRcnn.Detection.Training.Presets;

/// <summary>Named settings of training.</summary>
public static class TrainingPresets
{
    /// <summary>The preset whose model is that of the first weights, see <see cref="ForModel"/>.</summary>
    public const string FineTuneSmall = "finetune-small";

    /// <summary>detectron2's 1x and 3x: about 12 and 37 passes over COCO with 16 images a step.</summary>
    private const double OneX = 90_000, ThreeX = 270_000;

    private static readonly Dictionary<string, Func<TrainingConfiguration>> Presets = new()
    {
        ["coco-r50-fpn-paper"] = () => Coco("maskrcnn_resnet50_fpn", 160_000, [0.75]),
        ["coco-r50-fpn-1x"] = () => MultiScale(Coco("maskrcnn_resnet50_fpn", (long)OneX, [60_000 / OneX, 80_000 / OneX])),
        ["coco-r50-fpn-3x"] = () => MultiScale(Coco("maskrcnn_resnet50_fpn", (long)ThreeX, [210_000 / ThreeX, 250_000 / ThreeX])),
        ["r101"] = () => MultiScale(Coco("maskrcnn_resnet101_fpn", (long)ThreeX, [210_000 / ThreeX, 250_000 / ThreeX])),
        ["keypoints-1x"] = () => MultiScale(Coco("keypointrcnn_resnet50_fpn", (long)OneX, [60_000 / OneX, 80_000 / OneX])),
        ["cityscapes"] = Cityscapes,
        [FineTuneSmall] = () => FineTune(ModelPresets.Get("maskrcnn_resnet50_fpn")),
        ["nuclei"] = NucleiPreset.Create,
    };

    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Presets.Keys];

    /// <summary>The settings of a name.</summary>
    /// <exception cref="ArgumentException">There is no such preset; the message lists those that exist.</exception>
    public static TrainingConfiguration Get(string name) => Presets.TryGetValue(name, out Func<TrainingConfiguration>? create)
        ? create() with { Preset = name }
        : throw new ArgumentException($"There is no preset '{name}'; expected one of: {string.Join(", ", Names)}.", nameof(name));

    /// <summary>The paper's recipe (appendix A): 16 images a step, rate 0.02, momentum 0.9, weight decay 1e-4, shorter side 800.</summary>
    private static TrainingConfiguration Coco(string architecture, long steps, IReadOnlyList<double> drops)
    {
        ModelConfiguration model = ModelPresets.Get(architecture);
        return new TrainingConfiguration
        {
            Model = model with { Transform = model.Transform with { MinSizes = [800] } },
            Steps = steps,
            BatchSize = 16,
            Optimizer = new() { DropsAt = drops },
        };
    }

    /// <summary>detectron2's scale augmentation: the shorter side is drawn from 640 to 800.</summary>
    private static TrainingConfiguration MultiScale(TrainingConfiguration configuration) => configuration with { MinSizes = [640, 672, 704, 736, 768, 800] };

    /// <summary>The paper's recipe for Cityscapes (appendix B): 8 images a step, rate 0.01, shorter side 800 to 1024.</summary>
    private static TrainingConfiguration Cityscapes()
    {
        ModelConfiguration model = ModelPresets.Get("maskrcnn_resnet50_fpn");
        return new TrainingConfiguration
        {
            Model = model with { Transform = model.Transform with { MinSizes = [1024], MaxSize = 2048 } },
            MinSizes = [800, 832, 864, 896, 928, 960, 992, 1024],
            Steps = 24_000,
            BatchSize = 8,
            EvaluateEvery = 2000,
            Optimizer = new() { LearningRate = 0.01, DropsAt = [0.75] },
        };
    }

    /// <summary>
    /// The settings of a name for weights that say which model they are of. <c>finetune-small</c> trains that model; every
    /// other preset has a model of its own.
    /// </summary>
    /// <param name="name">The preset.</param>
    /// <param name="model">The model that the first weights are of; null when that is not known.</param>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static TrainingConfiguration ForModel(string name, ModelConfiguration? model) =>
        name == FineTuneSmall && model is not null ? FineTune(model) with { Preset = name } : Get(name);

    /// <summary>Ten to a few hundred images of one's own on one GPU, from a trained detector.</summary>
    private static TrainingConfiguration FineTune(ModelConfiguration model) => new()
    {
        Model = model,
        // detectron2's 640 to 800, as parts of the model's own size.
        MinSizes = [.. Enumerable.Range(0, 6).Select(i => (int)Math.Round(model.Transform.MinSizes[^1] * (0.8 + 0.04 * i)))],
        Steps = 2000,
        BatchSize = 4,
        EvaluateEvery = 200,
        EvaluationDetections = model.PostProcessing.MaxDetections,
        CheckpointEvery = 200,
        Optimizer = new() { LearningRate = 0.0025, WarmUpSteps = 100, Schedule = ScheduleKind.Cosine, ClipNorm = 10, AverageDecay = 0.998, DecayNormsAndBiases = false },
        Augmentation = new() { HorizontalFlip = 0.5, Brightness = 0.2, Contrast = 0.2, Saturation = 0.2 },
    };
}
