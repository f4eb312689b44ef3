namespace MaskRcnn.Detection.Images.Bmp;

/// <summary>How a bitmap's pixels are stored.</summary>
internal enum BmpCompression
{
    /// <summary>As they are, rows padded to four bytes.</summary>
    None,

    /// <summary>As they are, with masks for the colours.</summary>
    Fields,

    /// <summary>RLE8 or RLE4, by the bits of a pixel.</summary>
    RunLengths,
}
