using MaskRcnn.Coco.Masks;
using MaskRcnn.Samples.Microscopy;

namespace MaskRcnn.Samples.Tests.Microscopy;

/// <summary>The promises' numbers once more, by the plain words of docs/samples.md, from the PNG and the masks alone.</summary>
internal sealed class MeasuredAgain
{
    private readonly int _width, _height;
    private readonly byte[] _pixels;
    private readonly int[] _owner;
    private readonly bool[] _background;

    public MeasuredAgain(SampleImage image)
    {
        (_width, _height, _pixels) = Pictures.Decode(image.ToPng());
        IReadOnlyList<Rle> masks = image.Masks();
        _owner = new int[_pixels.Length];
        for (int i = 0; i < masks.Count; i++) RleDense.Paint(masks[i], _owner, i + 1);
        _background = [.. Enumerable.Range(0, _owner.Length).Select(IsFarFromAll)];
        Noise = Deviation();
        Touching = Enumerable.Range(0, _owner.Length).Where(Touches).Select(i => _owner[i]).Distinct().Count();
        Contrasts = [.. Enumerable.Range(1, masks.Count).Select(n => Contrast(n) / Noise)];
    }

    public double Noise { get; }

    public int Touching { get; }

    public double[] Contrasts { get; }

    private int? OwnerAt(int x, int y) => x >= 0 && x < _width && y >= 0 && y < _height ? _owner[y * _width + x] : null;

    private bool Touches(int at)
    {
        (int y, int x) = Math.DivRem(at, _width);
        int own = _owner[at];
        return own != 0 && new[] { OwnerAt(x - 1, y), OwnerAt(x + 1, y), OwnerAt(x, y - 1), OwnerAt(x, y + 1) }.Any(o => o > 0 && o != own);
    }

    private bool IsFarFromAll(int at)
    {
        (int y, int x) = Math.DivRem(at, _width);
        for (int dy = -3; dy <= 3; dy++)
        {
            for (int dx = -3; dx <= 3; dx++)
            {
                if (OwnerAt(x + dx, y + dy) > 0) return false;
            }
        }
        return true;
    }

    private double Deviation()
    {
        double[] differences = [.. Enumerable.Range(1, _owner.Length - 1)
            .Where(i => i % _width != 0 && _background[i] && _background[i - 1]).Select(i => (double)_pixels[i] - _pixels[i - 1])];
        return Math.Sqrt(differences.Average(d => d * d) / 2);
    }

    private double Contrast(int nucleus)
    {
        int[] own = [.. Enumerable.Range(0, _owner.Length).Where(i => _owner[i] == nucleus)];
        (int left, int right) = (own.Min(i => i % _width), own.Max(i => i % _width));
        (int top, int bottom) = (own.Min(i => i / _width), own.Max(i => i / _width));
        for (int margin = 8; ; margin *= 2)
        {
            var around = new List<double>();
            for (int y = Math.Max(top - margin, 0); y <= Math.Min(bottom + margin, _height - 1); y++)
            {
                for (int x = Math.Max(left - margin, 0); x <= Math.Min(right + margin, _width - 1); x++)
                {
                    if (_background[y * _width + x]) around.Add(_pixels[y * _width + x]);
                }
            }
            if (around.Count >= 60) return own.Average(i => _pixels[i]) - around.Average();
        }
    }
}
