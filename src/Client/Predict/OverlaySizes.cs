namespace MaskRcnn.Client.Predict;

/// <summary>Lengths in pixels that grow with the image, so that a picture looks the same at 100 and at 6000 pixels.</summary>
internal sealed record OverlaySizes
{
    private const double UnitsAcross = 480, SmallestUnit = .8;

    /// <summary>Sizes for an image.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    public OverlaySizes(int width, int height)
    {
        float unit = (float)Math.Max(SmallestUnit, Math.Sqrt((double)width * height) / UnitsAcross);
        Contour = 1.1f * unit;
        Box = 1.3f * unit;
        Text = 10.5f * unit;
        TagPadding = 2.6f * unit;
        TagCorner = 2.2f * unit;
        Joint = 2.4f * unit;
        Bone = 1.8f * unit;
    }

    /// <summary>Width of a mask's outline.</summary>
    public float Contour { get; }

    /// <summary>Width of a box's line.</summary>
    public float Box { get; }

    /// <summary>Size of the text.</summary>
    public float Text { get; }

    /// <summary>Between a tag's text and its edge.</summary>
    public float TagPadding { get; }

    /// <summary>Radius of a tag's corners.</summary>
    public float TagCorner { get; }

    /// <summary>Radius of a keypoint.</summary>
    public float Joint { get; }

    /// <summary>Width of the line between two keypoints.</summary>
    public float Bone { get; }
}
