namespace MaskRcnn.Detection.Kernels;

/// <summary>How images are cut into tiles of 4×4 outputs of a convolution that keeps the size.</summary>
internal readonly record struct WinogradTiles(int Images, int Height, int Width)
{
    private int Rows => (Height + WinogradTransform.OutputSide - 1) / WinogradTransform.OutputSide;

    private int Columns => (Width + WinogradTransform.OutputSide - 1) / WinogradTransform.OutputSide;

    /// <summary>Number of tiles of all images.</summary>
    public int Count => Images * Rows * Columns;

    /// <summary>Image and first output pixel of a tile.</summary>
    public (int Image, int Y, int X) Place(int tile)
    {
        (int row, int column) = Math.DivRem(tile, Columns);
        (int image, row) = Math.DivRem(row, Rows);
        return (image, row * WinogradTransform.OutputSide, column * WinogradTransform.OutputSide);
    }

    /// <summary>A square of pixels: in the image where it lies inside, otherwise a copy with zeros around.</summary>
    /// <param name="data">The images, channels-last.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="image">Which image.</param>
    /// <param name="top">First row, which may be negative.</param>
    /// <param name="left">First column, which may be negative.</param>
    /// <param name="side">Pixels of a side.</param>
    /// <param name="copy">Memory for a copy: side · side · channels elements.</param>
    /// <param name="rowStride">Elements from row to row.</param>
    public unsafe T* Window<T>(T* data, int channels, int image, int top, int left, int side, T* copy, out nint rowStride)
        where T : unmanaged
    {
        if (top >= 0 && left >= 0 && top + side <= Height && left + side <= Width)
        {
            rowStride = (nint)Width * channels;
            return data + (((nint)image * Height + top) * Width + left) * channels;
        }

        rowStride = (nint)side * channels;
        new Span<T>(copy, side * side * channels).Clear();
        int firstX = Math.Max(left, 0), endX = Math.Min(left + side, Width);
        for (int y = Math.Max(top, 0); y < Math.Min(top + side, Height); y++)
        {
            new Span<T>(data + (((nint)image * Height + y) * Width + firstX) * channels, (endX - firstX) * channels)
                .CopyTo(new Span<T>(copy + (y - top) * rowStride + (firstX - left) * channels, (endX - firstX) * channels));
        }

        return copy;
    }
}
