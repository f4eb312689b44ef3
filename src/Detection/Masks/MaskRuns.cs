using System.Runtime.InteropServices;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Detection.Masks;

/// <summary>Collects a mask's runs column after column; pixels that are not given are 0.</summary>
internal sealed class MaskRuns(int height, int width)
{
    private readonly List<uint> _counts = [];

    /// <summary>First pixel, in column-major order, after the last change.</summary>
    private long _change;
    private long _position;
    private bool _inside;

    /// <summary>Goes to a pixel; those between are 0.</summary>
    public void StartColumn(int x, int y)
    {
        long position = (long)x * height + y;
        if (_inside && position > _position)
            Change(_position);
        _position = position;
    }

    /// <summary>The next pixel of the column.</summary>
    public void Add(bool inside)
    {
        if (inside != _inside)
            Change(_position);
        _position++;
    }

    /// <summary>The mask.</summary>
    public Rle ToRle()
    {
        if (_inside && _position < (long)height * width)
            Change(_position);
        long rest = (long)height * width - _change;
        if (rest > 0)
            _counts.Add((uint)rest);
        return Rle.FromCounts(height, width, CollectionsMarshal.AsSpan(_counts));
    }

    private void Change(long position)
    {
        _counts.Add((uint)(position - _change));
        _change = position;
        _inside = !_inside;
    }
}
