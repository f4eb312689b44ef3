namespace MaskRcnn.Detection.Weights.Layout;

/// <summary>A file's tensors under the names that torchvision has today.</summary>
/// <param name="Weights">The tensors.</param>
/// <param name="Renamed">How many had an old name.</param>
/// <param name="Dropped">How many counters of batches were left out.</param>
public sealed record KeyMapping(StateDict Weights, int Renamed, int Dropped)
{
    /// <summary>Whether the file is one of torchvision's from before the modules were nested.</summary>
    public bool HasOldNames => Renamed > 0;
}
