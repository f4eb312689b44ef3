using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Detection.Weights;

/// <summary>
/// A weight file of any kind taken as a model: by its own metadata, or as an architecture that it is said to be. Keys are
/// brought to today's names, the number of classes and keypoints is the file's, and the norm's eps is chosen.
/// </summary>
/// <param name="Configuration">The model but for its weights.</param>
/// <param name="Weights">The weights, of the same file.</param>
/// <param name="NormEps">The norm's eps and why.</param>
/// <param name="Differences">What keeps the weights from being those of the configuration.</param>
/// <param name="Notes">What was done that its user should know, a sentence each.</param>
public sealed record ImportedModel(
    ModelConfiguration Configuration, StateDict Weights, NormEps NormEps, StateDictDifferences Differences, IReadOnlyList<string> Notes)
{
    private const string ClassScores = "roi_heads.box_predictor.cls_score.weight", KeypointScores = "roi_heads.keypoint_predictor.kps_score_lowres.weight";

    private const int MostClasses = 1 << 16;

    /// <summary>Takes a file's weights as a model. Nothing is thrown for weights that do not fit; see <see cref="Differences"/>.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="architecture">What it is, or null to go by its own metadata.</param>
    /// <param name="normEps">The user's choice of the norm's eps, or null for the rule of <see cref="Weights.NormEps"/>.</param>
    /// <exception cref="WeightFileException">Neither is there an architecture nor metadata, or the metadata is not valid.</exception>
    /// <exception cref="StateDictMismatchException">A tensor is there under two names.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The eps is not from 0 to 1.</exception>
    public static ImportedModel Of(WeightFile file, ModelConfiguration? architecture = null, double? normEps = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        var notes = new List<string>();
        ModelConfiguration? own = ModelFile.ConfigurationOf(file);
        if (own is not null && architecture is not null && own.Name != architecture.Name)
        {
            notes.Add($"The file's own metadata says {own.Name}; it is taken as {architecture.Name}.");
            own = null;
        }
        ModelConfiguration model = own ?? architecture ?? throw Unknown(file);
        KeyMapping mapping = TorchvisionKeys.Map(file.Weights);
        if (mapping.HasOldNames) notes.Add($"{mapping.Renamed} keys had old names.");
        if (own is null) model = WithCounts(model, mapping.Weights, notes);
        NormEps eps = own is null || normEps is not null
            ? NormEps.Choose(file.Path, mapping.HasOldNames, normEps)
            : new NormEps(own.Backbone.Norm.Eps, "the file's own metadata");
        if (own is null || normEps is not null) model = eps.ApplyTo(model);
        IReadOnlyList<ExpectedTensor> expected = TorchvisionLayout.Expected(model);
        KeyMapping fitted = TorchvisionKeys.Map(mapping.Weights, expected);
        if (fitted.Dropped > 0) notes.Add($"{fitted.Dropped} num_batches_tracked are left out; {model.Name} has frozen norms.");
        return new ImportedModel(model, fitted.Weights, eps, StateDictCheck.Compare(fitted.Weights, expected), notes);
    }

    /// <summary>The names of the presets that a file's keys and shapes fit, whatever its number of classes.</summary>
    /// <exception cref="StateDictMismatchException">A tensor is there under two names.</exception>
    public static IReadOnlyList<string> FittingPresets(WeightFile file) => [.. ModelPresets.Names.Where(name => Of(file, ModelPresets.Get(name)).Differences.Fits)];

    /// <summary>The same model with categories.</summary>
    /// <param name="categories">In order of label.</param>
    public ImportedModel WithCategories(IReadOnlyList<LabelledCategory> categories) => this with { Configuration = Configuration with { Categories = categories } };

    /// <summary>The same weights with other settings; see <see cref="Differences"/> for whether they still fit.</summary>
    /// <param name="settings">As <see cref="ModelConfigurationJson.With"/> takes them.</param>
    /// <exception cref="ModelConfigurationException">A setting is unknown or its value is not valid; every problem is listed.</exception>
    public ImportedModel WithSettings(IReadOnlyList<string> settings)
    {
        ModelConfiguration changed = ModelConfigurationJson.With(Configuration, settings);
        return this with { Configuration = changed, Differences = StateDictCheck.Compare(Weights, TorchvisionLayout.Expected(changed)) };
    }

    private static WeightFileException Unknown(WeightFile file)
    {
        IReadOnlyList<string> fitting = FittingPresets(file);
        string advice = fitting.Count == 0 ? "Its keys fit no preset." : $"Its keys fit --arch {string.Join(" or ", fitting)}.";
        return new WeightFileException(file.Path, $"it has no metadata '{ModelFile.ConfigurationKey}' that says its architecture, and none is given. {advice}");
    }

    /// <summary>A fine-tuned model has other numbers of classes and keypoints than its preset; the last layers' shapes tell.</summary>
    private static ModelConfiguration WithCounts(ModelConfiguration model, StateDict weights, List<string> notes)
    {
        if (weights.Find(ClassScores, out StoredTensor? scores) && scores.Shape is [>= 2 and <= MostClasses and var classes, _] && classes != model.Classes)
        {
            notes.Add($"The model has {classes} classes with the background, from the shape of {ClassScores}; {model.Name} has {model.Classes}.");
            model = model with { Classes = (int)classes, Categories = [] };
        }
        if (model.KeypointHead is { } head && weights.Find(KeypointScores, out StoredTensor? maps)
            && maps.Shape is [_, >= 1 and <= MostClasses and var keypoints, _, _] && keypoints != head.Keypoints)
        {
            notes.Add($"The model has {keypoints} keypoints, from the shape of {KeypointScores}; {model.Name} has {head.Keypoints}.");
            model = model with { KeypointHead = head with { Keypoints = (int)keypoints } };
        }
        return model;
    }
}
