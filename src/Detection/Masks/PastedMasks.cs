using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Masks;

/// <summary>Masks that were pasted on the device.</summary>
/// <param name="masks">One a detection.</param>
internal sealed class PastedMasks(Rle[] masks) : IInstanceMasks
{
    /// <inheritdoc/>
    public Rle Encode(int index, Box box, (int Height, int Width) image) => masks[index];
}
