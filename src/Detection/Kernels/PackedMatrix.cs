namespace MaskRcnn.Detection.Kernels;

/// <summary>
/// The right-hand matrix of a product, (depth, columns), in panels of <see cref="MicroKernel512.Columns"/> columns:
/// (panels, depth, 32), the last panel filled up with zeros; and a bias for each column.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    private readonly AlignedBuffer _values;
    private readonly AlignedBuffer? _bias;

    /// <summary>Packs a matrix.</summary>
    /// <param name="depth">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="value">The value at a row and a column.</param>
    /// <param name="bias">One value a column, or empty.</param>
    public PackedMatrix(int depth, int columns, Func<int, int, float> value, ReadOnlySpan<float> bias)
    {
        Depth = depth;
        Columns = columns;
        Panels = (columns + MicroKernel512.Columns - 1) / MicroKernel512.Columns;
        _values = new AlignedBuffer((long)Panels * depth * MicroKernel512.Columns);
        float* target = _values.Start;
        for (int panel = 0; panel < Panels; panel++)
        {
            for (int row = 0; row < depth; row++)
            {
                for (int c = 0; c < MicroKernel512.Columns; c++, target++)
                {
                    int column = panel * MicroKernel512.Columns + c;
                    *target = column < columns ? value(row, column) : 0;
                }
            }
        }

        if (bias.Length == 0)
            return;
        _bias = new AlignedBuffer((long)Panels * MicroKernel512.Columns);
        Span<float> padded = new(_bias.Start, Panels * MicroKernel512.Columns);
        padded.Clear();
        bias.CopyTo(padded);
    }

    /// <summary>Rows.</summary>
    public int Depth { get; }

    /// <summary>Columns, without those added to fill the last panel.</summary>
    public int Columns { get; }

    /// <summary>Number of panels.</summary>
    public int Panels { get; }

    /// <summary>A panel's values from a row on.</summary>
    public float* Panel(int panel, int fromRow = 0) => _values.Start + ((long)panel * Depth + fromRow) * MicroKernel512.Columns;

    /// <summary>The bias of a panel's columns, or null when there is none.</summary>
    public float* Bias(int panel) => _bias == null ? null : _bias.Start + (long)panel * MicroKernel512.Columns;

    /// <inheritdoc/>
    public void Dispose()
    {
        _values.Dispose();
        _bias?.Dispose();
    }
}
