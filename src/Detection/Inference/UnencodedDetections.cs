namespace MaskRcnn.Detection.Inference;

/// <summary>What the model found in an image. Keypoints, and on the CPU masks, are still the network's maps; a GPU has pasted its masks.</summary>
public sealed class UnencodedDetections
{
    private readonly Func<ImageDetections> _encode;

    /// <summary>Detections of a model that leaves nothing to be done.</summary>
    public UnencodedDetections(ImageDetections detections)
    {
        _encode = () => detections;
        Proposals = Detections = detections.Instances.Count;
    }

    internal UnencodedDetections(DetectionEncoder encoder, NetworkOutput output, int image, (int Height, int Width) original, (int Height, int Width) resized)
    {
        _encode = () => encoder.Encode(output, image, original, resized);
        Proposals = output.Proposals[image].Length;
        Detections = output.Detections[image].Boxes.Length;
    }

    /// <summary>Number of regions that the box branch saw.</summary>
    public int Proposals { get; }

    /// <summary>Number of detections, before suppression by masks.</summary>
    public int Detections { get; }

    /// <summary>Brings boxes, masks and keypoints to the image's size.</summary>
    public ImageDetections Encode() => _encode();
}
