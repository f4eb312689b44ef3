using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Masks;

/// <summary>The masks of an image's detections, on their way to the image's size.</summary>
internal interface IInstanceMasks
{
    /// <summary>The mask of a detection at the image's size.</summary>
    /// <param name="index">Number of the detection.</param>
    /// <param name="box">Its box in the image's pixels.</param>
    /// <param name="image">Height and width of the image.</param>
    Rle Encode(int index, Box box, (int Height, int Width) image);
}
