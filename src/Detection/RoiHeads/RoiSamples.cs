using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>Where RoIAlign samples the features for one region: the same points for the pooling and for its gradient.</summary>
internal readonly ref struct RoiSamples
{
    private const int CornersOfASample = 4;

    private readonly RoiGeometry _geometry;
    private readonly int _height;
    private readonly int _width;
    private readonly float _startY;
    private readonly float _startX;
    private readonly float _binHeight;
    private readonly float _binWidth;
    private readonly int _gridY;
    private readonly int _gridX;

    /// <summary>Lays the samples of a region out; parameters as of <see cref="RoiAlign.Pool"/>.</summary>
    public RoiSamples(int height, int width, float scale, Box box, RoiGeometry geometry)
    {
        float offset = geometry.Aligned ? 0.5f : 0;
        (_geometry, _height, _width) = (geometry, height, width);
        _startX = box.X1 * scale - offset;
        _startY = box.Y1 * scale - offset;
        float regionWidth = box.X2 * scale - offset - _startX, regionHeight = box.Y2 * scale - offset - _startY;
        if (!geometry.Aligned)
        {
            regionWidth = Math.Max(regionWidth, 1);
            regionHeight = Math.Max(regionHeight, 1);
        }

        _binHeight = regionHeight / geometry.Height;
        _binWidth = regionWidth / geometry.Width;
        _gridY = Grid(geometry.SamplingRatio, _binHeight, height);
        _gridX = Grid(geometry.SamplingRatio, _binWidth, width);
    }

    /// <summary>Most features that a bin is made of.</summary>
    public int Capacity => _gridY * _gridX * CornersOfASample;

    /// <summary>The part that a sample has in its bin.</summary>
    public float Share => 1f / Math.Max(_gridY * _gridX, 1);

    /// <summary>The features of a bin and their weights.</summary>
    /// <returns>How many there are.</returns>
    public int Corners(int binY, int binX, Span<RoiCorner> corners)
    {
        int count = 0;
        for (int iy = 0; iy < _gridY; iy++)
        {
            float y = _startY + binY * _binHeight + (iy + 0.5f) * _binHeight / _gridY;
            for (int ix = 0; ix < _gridX; ix++)
            {
                float x = _startX + binX * _binWidth + (ix + 0.5f) * _binWidth / _gridX;
                count += Sample(y, x, corners[count..]);
            }
        }

        return count;
    }

    /// <summary>Samples along an axis of a bin. A region far larger than the features needs no more than a few a feature.</summary>
    private static int Grid(int ratio, float bin, int length) => ratio > 0 ? ratio : (int)Math.Clamp(MathF.Ceiling(bin), 0, 4 * (length + 2));

    /// <summary>The four features around a point and their weights; none for a point more than one feature outside.</summary>
    private int Sample(float y, float x, Span<RoiCorner> corners)
    {
        // Also false for NaN.
        if (!(y >= -1 && y <= _height && x >= -1 && x <= _width))
            return 0;
        int channels = _geometry.Channels;
        (int top, int bottom, float dy) = Between(y, _height);
        (int left, int right, float dx) = Between(x, _width);
        float up = 1 - dy, before = 1 - dx;
        corners[0] = new RoiCorner(((nint)top * _width + left) * channels, up * before);
        corners[1] = new RoiCorner(((nint)top * _width + right) * channels, up * dx);
        corners[2] = new RoiCorner(((nint)bottom * _width + left) * channels, dy * before);
        corners[3] = new RoiCorner(((nint)bottom * _width + right) * channels, dy * dx);
        return CornersOfASample;
    }

    private static (int Low, int High, float Fraction) Between(float position, int length)
    {
        position = Math.Max(position, 0);
        int low = (int)position;
        return low >= length - 1 ? (length - 1, length - 1, 0) : (low, low + 1, position - low);
    }
}

/// <summary>A feature that a sample is made of.</summary>
/// <param name="Offset">Elements from the image's first feature to its first channel.</param>
/// <param name="Weight">Its bilinear weight.</param>
internal readonly record struct RoiCorner(nint Offset, float Weight);
