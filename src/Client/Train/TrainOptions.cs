using System.CommandLine;
using System.CommandLine.Parsing;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Presets;

namespace MaskRcnn.Client.Train;

/// <summary>Options of <c>maskrcnn train</c>.</summary>
internal sealed class TrainOptions
{
    public TrainOptions()
    {
        Preset.AcceptOnlyFromAmong([.. TrainingPresets.Names]);
        Precision.AcceptOnlyFromAmong("fp32", "bf16");
    }

    public Option<string> Data { get; } = new("--data") { Description = "COCO annotations to train on.", HelpName = "FILE", Required = true };

    public Option<string> Images { get; } = new("--images") { Description = "The folder of their images.", HelpName = "DIR", Required = true };

    public Option<string?> Validation { get; } = new("--val") { Description = "COCO annotations to evaluate on; the best model is kept.", HelpName = "FILE" };

    public Option<string?> ValidationImages { get; } = new("--val-images") { Description = "The folder of their images.", HelpName = "DIR" };

    public Option<string> Output { get; } = new("--output", "-o") { Description = "The folder of the run.", HelpName = "DIR", Required = true };

    public Option<string?> Init { get; } = new("--init") { Description = "Weights to begin with: a detector's, a classification ResNet's or a checkpoint's, or 'none'. [default: none for the preset nuclei]", HelpName = "FILE|none" };

    public Option<bool> Resume { get; } = new("--resume") { Description = "Go on from the newest checkpoint in --output, with the run's own settings." };

    public Option<string> Device { get; } = new("--device") { Description = "Where to compute: cpu, cuda, cuda:0, … or auto.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };

    public Option<long?> Threads { get; } = NumberOption.Whole("--threads", "Threads that compute. [default: the cores, or the container's CPU quota; with --resume the run's]", 1, 1024);

    public Option<long?> LoaderThreads { get; } = NumberOption.Whole("--loader-threads", "Threads that load images; they change nothing but the speed. [default: half the cores]", 1, 1024);

    private Option<string> Preset { get; } = new("--preset") { Description = $"The recipe: {string.Join(", ", TrainingPresets.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => TrainingPresets.FineTuneSmall };

    private Option<string[]> Set { get; } = new("--set") { Description = "Changes a setting of the recipe, such as optimizer.learning_rate=0.01.", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = true };

    private Option<long?> Steps { get; } = NumberOption.Whole("--steps", "Steps of the run. [default: the recipe's]", 1, 1_000_000_000);

    private Option<long?> Seed { get; } = NumberOption.Whole("--seed", "The same seed gives the same run. [default: 1]", 0, long.MaxValue);

    private Option<string?> Precision { get; } = new("--precision") { Description = "fp32, or bf16 for activations. [default: the recipe's]", HelpName = "PRECISION" };

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [Data, Images, Validation, ValidationImages, Output, Preset, Set, Init, Steps, Seed, Resume, Device, Precision, Threads, LoaderThreads];

    /// <summary>Whether a recipe or first weights are named, so that a run can begin.</summary>
    public bool SayHowToBegin(ParseResult arguments) => IsGiven(arguments, Preset) || IsGiven(arguments, Init);

    /// <summary>The settings that a new run is asked to have; the model's classes are the data's.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="data">The annotations.</param>
    /// <param name="model">The model that the first weights say they are of, or null.</param>
    public TrainingConfiguration Begin(ParseResult arguments, CocoDataset data, ModelConfiguration? model) =>
        Apply(arguments, data, TrainingPresets.ForModel(arguments.GetRequiredValue(Preset), model));

    /// <summary>Checks that what is given again agrees with what a run has.</summary>
    /// <returns>Each difference; none when the run can go on.</returns>
    public IEnumerable<string> Differences(ParseResult arguments, CocoDataset data, TrainingConfiguration run)
    {
        if (IsGiven(arguments, Preset) && arguments.GetRequiredValue(Preset) is { } preset && preset != run.Preset)
            yield return $"preset is {run.Preset} there and {preset} here";
        foreach (ConfigurationDifference difference in ConfigurationDifference.Between(run, Apply(arguments, data, run)))
            yield return difference.ToString();
    }

    private static bool IsGiven(ParseResult arguments, Option option) => arguments.GetResult(option) is OptionResult { Implicit: false };

    private TrainingConfiguration Apply(ParseResult arguments, CocoDataset data, TrainingConfiguration configuration)
    {
        if (arguments.GetValue(Steps) is { } steps) configuration = configuration with { Steps = steps };
        if (arguments.GetValue(Seed) is { } seed) configuration = configuration with { Seed = seed };
        if (arguments.GetValue(Precision) is { } precision) configuration = configuration with { Precision = precision == "bf16" ? Detection.Layers.Precision.Bf16 : Detection.Layers.Precision.Fp32 };
        IReadOnlyList<LabelledCategory> categories = TrainingCategories.FromData(data.Categories);
        configuration = configuration with { Model = configuration.Model with { Classes = categories.Count + 1, Categories = categories } };
        return TrainingConfigurationJson.With(configuration, arguments.GetValue(Set) ?? []);
    }
}
