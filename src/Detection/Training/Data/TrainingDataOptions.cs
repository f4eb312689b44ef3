using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Training.Data;

/// <summary>What of a data set is trained on.</summary>
public sealed record TrainingDataOptions
{
    /// <summary>Whether images without objects are trained on too: all in them is background. Default false, as in torchvision.</summary>
    public bool KeepEmptyImages { get; init; }

    /// <summary>
    /// For models with a keypoint head: labelled keypoints, over all its objects, that an image needs; 0 and up.
    /// Default 1. torchvision's reference training asks for 10.
    /// </summary>
    public int LeastKeypoints { get; init; } = 1;

    /// <summary>Bytes of decoded images that are kept, so that a small data set is decoded once; 0 for none. Default 2 GiB.</summary>
    public long CacheBytes { get; init; } = 2L << 30;

    /// <summary>How image files become pixels.</summary>
    public ImageDecodeOptions Decoding { get; init; } = new();
}
