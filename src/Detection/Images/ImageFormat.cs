namespace MaskRcnn.Detection.Images;

/// <summary>The kinds of image files that are decoded.</summary>
public enum ImageFormat
{
    /// <summary>JPEG: grey, RGB, CMYK, YCCK.</summary>
    Jpeg,

    /// <summary>PNG of any depth.</summary>
    Png,

    /// <summary>WebP, with loss and without.</summary>
    WebP,

    /// <summary>Windows and OS/2 bitmaps.</summary>
    Bmp,

    /// <summary>TIFF and BigTIFF.</summary>
    Tiff,
}
