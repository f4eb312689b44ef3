namespace MaskRcnn.Detection.Inference;

/// <summary>What the model found in an image. Keypoints, and on the CPU masks, are still the network's maps; a GPU has pasted its masks.</summary>
public sealed class UnencodedDetections
{
    private readonly DetectionEncoder _encoder;
    private readonly NetworkOutput _output;
    private readonly int _image;
    private readonly (int Height, int Width) _original;
    private readonly (int Height, int Width) _resized;

    internal UnencodedDetections(DetectionEncoder encoder, NetworkOutput output, int image, (int Height, int Width) original, (int Height, int Width) resized)
    {
        _encoder = encoder;
        _output = output;
        _image = image;
        _original = original;
        _resized = resized;
    }

    /// <summary>Number of regions that the box branch saw.</summary>
    public int Proposals => _output.Proposals[_image].Length;

    /// <summary>Number of detections.</summary>
    public int Detections => _output.Detections[_image].Boxes.Length;

    /// <summary>Brings boxes, masks and keypoints to the image's size.</summary>
    public ImageDetections Encode() => _encoder.Encode(_output, _image, _original, _resized);
}
