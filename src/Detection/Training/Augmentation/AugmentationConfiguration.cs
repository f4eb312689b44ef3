using System.Text.Json.Serialization;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>
/// How samples are varied. The order is: scale and crop, flips and quarter turns, copy-paste, colour, blur, noise. By
/// default there is a horizontal flip only, as in the paper.
/// </summary>
public sealed record AugmentationConfiguration
{
    /// <summary>Probability of a horizontal flip, 0 to 1. Default 0.5.</summary>
    public double HorizontalFlip { get; init; } = 0.5;

    /// <summary>Probability of a vertical flip, 0 to 1. Default 0.</summary>
    public double VerticalFlip { get; init; }

    /// <summary>Probability that the image is turned by 0, 1, 2 or 3 quarter turns, each equally likely; 0 to 1. Default 0.</summary>
    public double QuarterTurns { get; init; }

    /// <summary>
    /// Pairs of keypoints, from 0, that a mirror image swaps: the left eye becomes the right one. Default null: COCO's
    /// pairs where there are 17 keypoints, otherwise none.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? KeypointPairs { get; init; }

    /// <summary>Side in pixels of the square window that is cut from the scaled image at a random place; 0 for none. Default 0.</summary>
    public int Crop { get; init; }

    /// <summary>What a window gets beside an image that is smaller. Default the mean colour.</summary>
    public CropFill CropFill { get; init; } = CropFill.Mean;

    /// <summary>Probability that the window holds the centre of an object drawn at random, 0 to 1; otherwise every place is equally likely. Default 0.</summary>
    public double CropOnObject { get; init; }

    /// <summary>Length in pixels that the shorter side is scaled to before the jitter; 0 leaves it. Default 0.</summary>
    public int ShorterSide { get; init; }

    /// <summary>Least factor of the scale jitter, above 0. Drawn log-uniformly up to <see cref="ScaleHigh"/>. Default 1.</summary>
    public double ScaleLow { get; init; } = 1;

    /// <summary>Largest factor of the scale jitter. Default 1.</summary>
    public double ScaleHigh { get; init; } = 1;

    /// <summary>
    /// The part of an object that must be left by a crop or by what is pasted over it, 0 to 1; with less the object is
    /// dropped, and what is left of it is background. Default 0.1.
    /// </summary>
    public double KeepShare { get; init; } = 0.1;

    /// <summary>Probability of copy-paste (Ghiasi et al. 2021): objects of another image, varied by itself, are put over this one; 0 to 1. Default 0.</summary>
    public double CopyPaste { get; init; }

    /// <summary>Most objects that are pasted; their number is drawn from 1 up to it. Default 20.</summary>
    public int CopyPasteMost { get; init; } = 20;

    /// <summary>Probability that brightness, contrast, saturation, hue and gamma are changed, 0 to 1. Default 1; by default there is nothing to change.</summary>
    public double ColorProbability { get; init; } = 1;

    /// <summary>Brightness is multiplied by 1 − this to 1 + this; 0 to 1. Default 0.</summary>
    public double Brightness { get; init; }

    /// <summary>The distance from the image's mean grey is multiplied by 1 − this to 1 + this; 0 to 1. Default 0.</summary>
    public double Contrast { get; init; }

    /// <summary>The distance from grey is multiplied by 1 − this to 1 + this; 0 to 1. Default 0.</summary>
    public double Saturation { get; init; }

    /// <summary>Colours are turned by up to this part of the colour circle, either way; 0 to 0.5. Default 0.</summary>
    public double Hue { get; init; }

    /// <summary>The exponent of gamma is drawn log-uniformly from 1 / (1 + this) to 1 + this; 0 to 4. Default 0.</summary>
    public double Gamma { get; init; }

    /// <summary>Probability that the image becomes its negative, 0 to 1. Default 0.</summary>
    public double Invert { get; init; }

    /// <summary>Probability that the image becomes grey, 0 to 1. Default 0.</summary>
    public double Grey { get; init; }

    /// <summary>Probability of a blur, 0 to 1. Default 0.</summary>
    public double BlurProbability { get; init; }

    /// <summary>Largest standard deviation of the Gaussian blur in pixels, 0.1 to 10; drawn from 0.1 up. Default 1.5.</summary>
    public double Blur { get; init; } = 1.5;

    /// <summary>Probability of noise, 0 to 1. Default 0.</summary>
    public double NoiseProbability { get; init; }

    /// <summary>Largest standard deviation of the Gaussian noise in levels of 255, 0 to 100; drawn from 0 up. Default 10.</summary>
    public double Noise { get; init; } = 10;
}

/// <summary>What a window gets beside an image that is smaller.</summary>
public enum CropFill
{
    /// <summary>The mean of the model's normalisation, which the network sees as 0, like the padding of a batch, unless colours are changed afterwards.</summary>
    [JsonStringEnumMemberName("mean")]
    Mean,

    /// <summary>Black.</summary>
    [JsonStringEnumMemberName("black")]
    Black,

    /// <summary>The image's own median of red, green and blue: mostly its background, so that its edge is no border, as suits microscopy.</summary>
    [JsonStringEnumMemberName("median")]
    Median,
}
