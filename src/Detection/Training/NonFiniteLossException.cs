namespace MaskRcnn.Detection.Training;

/// <summary>A loss became infinite or not a number: the run cannot go on.</summary>
/// <param name="step">The step's number, from 1.</param>
/// <param name="imageIds">The images of the batch.</param>
/// <param name="losses">The losses.</param>
public sealed class NonFiniteLossException(long step, IReadOnlyList<long> imageIds, IReadOnlyDictionary<string, double> losses)
    : Exception($"Step {step}: {string.Join(", ", losses.Where(loss => !double.IsFinite(loss.Value)).Select(loss => $"{loss.Key} is {loss.Value}"))}; the batch had the images {string.Join(", ", imageIds)}. "
        + "Lower the learning rate, lengthen the warm-up, clip gradients, or look at these images' annotations.")
{
    /// <summary>The step's number, from 1.</summary>
    public long Step => step;

    /// <summary>The images of the batch.</summary>
    public IReadOnlyList<long> ImageIds => imageIds;

    /// <summary>Each loss with torchvision's name.</summary>
    public IReadOnlyDictionary<string, double> Losses => losses;

    /// <summary>The file with the state as it was when the step began, to look into; null when there is none.</summary>
    public string? SavedState { get; internal set; }
}
