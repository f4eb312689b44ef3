namespace MaskRcnn.Samples.Randomness;

/// <summary>Noise without edges: random values on a lattice, joined smoothly. Its values lie in [-1, 1].</summary>
internal sealed class SmoothNoise
{
    private readonly double _cell;
    private readonly int _columns;
    private readonly double[] _lattice;

    /// <param name="random">Fills the lattice.</param>
    /// <param name="width">Pixels that it must cover.</param>
    /// <param name="height">Pixels that it must cover.</param>
    /// <param name="cell">Pixels from one random value to the next.</param>
    public SmoothNoise(RandomSource random, int width, int height, double cell)
    {
        _cell = cell;
        _columns = (int)(width / cell) + 2;
        _lattice = new double[_columns * ((int)(height / cell) + 2)];
        for (int i = 0; i < _lattice.Length; i++) _lattice[i] = random.NextBetween(-1, 1);
    }

    public double At(int x, int y)
    {
        double across = x / _cell, down = y / _cell;
        int column = (int)across, row = (int)down, at = row * _columns + column;
        double right = Ease(across - column), below = Ease(down - row);
        double upper = _lattice[at] + (_lattice[at + 1] - _lattice[at]) * right;
        double lower = _lattice[at + _columns] + (_lattice[at + _columns + 1] - _lattice[at + _columns]) * right;
        return upper + (lower - upper) * below;
    }

    private static double Ease(double part) => part * part * (3 - 2 * part);
}
