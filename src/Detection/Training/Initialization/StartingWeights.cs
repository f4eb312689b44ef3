using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Training.Checkpoints;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Detection.Training.Initialization;

/// <summary>
/// Weights that a training begins with: of a detector, perhaps with another number of classes, or of a classification
/// ResNet with torchvision's names, which becomes the backbone, or of a run's checkpoint (its averaged weights where it
/// has them). What fits is taken; the rest begins at random.
/// </summary>
/// <param name="Weights">The tensors that are taken, under the model's names.</param>
/// <param name="Taken">Names of tensors that are taken.</param>
/// <param name="New">Names of the model's tensors that begin at random.</param>
/// <param name="Reshaped">Of these, tensors that the file has with another shape, as for other classes.</param>
/// <param name="Unused">Names of tensors of the file that the model does not have.</param>
/// <param name="NormEps">The norm's eps that belongs to the weights.</param>
public sealed record StartingWeights(
    StateDict Weights, IReadOnlyList<string> Taken, IReadOnlyList<string> New, IReadOnlyList<string> Reshaped, IReadOnlyList<string> Unused, NormEps NormEps)
{
    private const string Body = "backbone.body.";
    private const string Stem = "conv1.weight";
    private const string Counter = ".num_batches_tracked";

    /// <summary>Takes what fits a model from a file.</summary>
    /// <param name="file">The open file; it must stay open until the weights are used.</param>
    /// <param name="model">The model that is trained.</param>
    /// <exception cref="WeightFileException">Nothing in the file fits.</exception>
    public static StartingWeights Of(WeightFile file, ModelConfiguration model)
    {
        KeyMapping mapping = TorchvisionKeys.Map(OfCheckpoint(file) ?? file.Weights);
        StateDict weights = mapping.Weights;
        // Only a classification network has its stem at the top.
        bool classification = weights.Find(Stem, out _);
        StoredTensor[] named = [.. weights.Tensors.Select(tensor => classification ? tensor.Named(Body + tensor.Name) : tensor)];
        Dictionary<string, ExpectedTensor> expected = TorchvisionLayout.Expected(model).ToDictionary(tensor => tensor.Name);
        StoredTensor[] fitting = [.. named.Where(tensor => expected.TryGetValue(tensor.Name, out ExpectedTensor? own) && own.Shape.SequenceEqual(tensor.Shape) && own.Type.IsFloating() == tensor.Type.IsFloating())];
        HashSet<string> taken = [.. fitting.Select(tensor => tensor.Name)], present = [.. named.Select(tensor => tensor.Name)];
        if (taken.Count == 0)
            throw new WeightFileException(file.Path, $"none of its {named.Length} tensors fits {model.Name}; expected weights of such a detector, or of its ResNet with torchvision's names. The first is {named.FirstOrDefault()?.Name ?? "missing"}.");
        string[] missing = [.. expected.Keys.Where(name => !taken.Contains(name) && !name.EndsWith(Counter, StringComparison.Ordinal))];
        NormEps eps = ConfigurationOf(file) is { } own ? new NormEps(own.Backbone.Norm.Eps, "the file's own metadata") : NormEps.Choose(file.Path, mapping.HasOldNames, null);
        return new StartingWeights(
            weights.With([.. fitting.Select(tensor => tensor.As(TensorType.F32))]), [.. taken], missing, [.. missing.Where(present.Contains)],
            [.. named.Where(tensor => !expected.ContainsKey(tensor.Name) && !tensor.Name.EndsWith(Counter, StringComparison.Ordinal)).Select(tensor => tensor.Name)], eps);
    }

    /// <summary>The model that a file says it is of: a model file or a checkpoint; null for plain weights.</summary>
    /// <exception cref="WeightFileException">What it says is not valid.</exception>
    public static ModelConfiguration? ConfigurationOf(WeightFile file) => Checkpoint.Is(file) ? Checkpoint.Describe(file).Configuration.Model : ModelFile.ConfigurationOf(file);

    private static StateDict? OfCheckpoint(WeightFile file)
    {
        if (!Checkpoint.Is(file))
            return null;
        Checkpoint.Verify(file);
        bool averaged = file.Weights.Tensors.Any(tensor => tensor.Name.StartsWith(Checkpoint.AveragePrefix, StringComparison.Ordinal));
        string prefix = averaged ? Checkpoint.AveragePrefix : Checkpoint.ModelPrefix;
        return file.Weights.With([.. file.Weights.Tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(tensor => tensor.Named(tensor.Name[prefix.Length..]))]);
    }
}
