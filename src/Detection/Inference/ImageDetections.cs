using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Detection.Inference;

/// <summary>What was found in one image, best score first.</summary>
/// <param name="Width">The image's width in pixels.</param>
/// <param name="Height">The image's height in pixels.</param>
/// <param name="Instances">The objects.</param>
public sealed record ImageDetections(int Width, int Height, IReadOnlyList<DetectedInstance> Instances);

/// <summary>One object found in an image.</summary>
public sealed record DetectedInstance
{
    /// <summary>The network's label, 1 and up.</summary>
    public required int Label { get; init; }

    /// <summary>Probability of the label, 0..1.</summary>
    public required float Score { get; init; }

    /// <summary>The box in the image's pixels.</summary>
    public required Box Box { get; init; }

    /// <summary>The mask, as large as the image; null when the model has no mask branch.</summary>
    public Rle? Mask { get; init; }

    /// <summary>x, y and visibility (1) of each keypoint in the image's pixels; null when the model finds none.</summary>
    public IReadOnlyList<float>? Keypoints { get; init; }
}

/// <summary>A box by its corners.</summary>
/// <param name="X1">Left.</param>
/// <param name="Y1">Top.</param>
/// <param name="X2">Right.</param>
/// <param name="Y2">Bottom.</param>
public readonly record struct Box(float X1, float Y1, float X2, float Y2);
