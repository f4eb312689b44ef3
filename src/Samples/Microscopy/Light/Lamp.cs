using MaskRcnn.Samples.Microscopy.Looks;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Light;

/// <summary>Uneven light: full at one place, less with the square of the distance from it.</summary>
internal sealed class Lamp
{
    private readonly double _shade, _x, _y, _farthest;

    public Lamp(Look look, RandomSource random)
    {
        _shade = look.Shade.Draw(random);
        (_x, _y) = (random.NextBetween(0, look.Width), random.NextBetween(0, look.Height));
        double across = Math.Max(_x, look.Width - _x), down = Math.Max(_y, look.Height - _y);
        _farthest = across * across + down * down;
    }

    /// <summary>The light at a pixel, as part of the most.</summary>
    public double At(int x, int y) => 1 - _shade * ((x - _x) * (x - _x) + (y - _y) * (y - _y)) / _farthest;
}
