using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Masks;

/// <summary>Masks as the network's probabilities: they are pasted when they are asked for, by any thread.</summary>
/// <param name="probabilities">(K, side, side).</param>
/// <param name="side">Side of a mask, 28.</param>
/// <param name="configuration">Threshold and rule.</param>
internal sealed class ProbabilityMasks(float[] probabilities, int side, PostProcessingConfiguration configuration) : IInstanceMasks
{
    /// <inheritdoc/>
    public Rle Encode(int index, Box box, (int Height, int Width) image) =>
        MaskPaste.Paste(probabilities.AsSpan(index * side * side, side * side), side, box, image.Height, image.Width, configuration.MaskThreshold, configuration.PasteRule);
}
