namespace MaskRcnn.Detection.Kernels;

/// <summary>C = A · B for blocks of rows: panels of a large B in the outer loop, so that a block of A stays in the cache.</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Rows that one task computes: a block of 256 columns takes a tenth of a core's second-level cache.</summary>
    public const int RowBlock = 96;

    /// <summary>Rows of B used at a time: 96 rows of A and a panel of B then stay in the cache.</summary>
    public const int DepthBlock = 1024;

    /// <summary>Most floats of a B that stays in the second-level cache beside the rest: 256 KB.</summary>
    private const int SmallMatrix = 64 * 1024;

    private const int RowStep = 12;

    /// <summary>Computes a few rows, on the calling thread.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="a">(rows, depth), rows <paramref name="lda"/> apart.</param>
    /// <param name="lda">Floats from row to row of A.</param>
    /// <param name="b">The packed matrix, with its bias.</param>
    /// <param name="c">(rows, columns), rows <paramref name="ldc"/> apart; may be the addend when the depth is at most <see cref="DepthBlock"/>.</param>
    /// <param name="ldc">Floats from row to row of C.</param>
    /// <param name="addend">Added to C, laid out as C is; or null.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    public static void Multiply(int rows, float* a, nint lda, PackedMatrix b, float* c, nint ldc, float* addend = null, bool relu = false)
    {
        // A small B stays in the cache: then a few rows at a time, so that C is written row by row.
        int step = (long)b.Depth * b.Columns <= SmallMatrix ? RowStep : rows;
        for (int row = 0; row < rows; row += step)
            MultiplyBlock(Math.Min(step, rows - row), a + row * lda, lda, b, c + row * ldc, ldc, addend == null ? null : addend + row * ldc, relu);
    }

    private static void MultiplyBlock(int rows, float* a, nint lda, PackedMatrix b, float* c, nint ldc, float* addend, bool relu)
    {
        for (int depth = 0; depth < b.Depth; depth += DepthBlock)
        {
            int count = Math.Min(DepthBlock, b.Depth - depth);
            bool first = depth == 0, last = depth + count == b.Depth;
            for (int panel = 0; panel < b.Panels; panel++)
            {
                int column = panel * MicroKernel512.Columns;
                Epilogue epilogue = new() { Bias = first ? b.Bias(panel) : null, Relu = last && relu };
                float* product = c + column;
                if (column + MicroKernel512.Columns > b.Columns)
                {
                    MultiplyLastPanel(rows, a + depth, lda, b, depth, count, product, ldc, addend == null ? null : addend + column, epilogue);
                    continue;
                }

                // The sums of the earlier rows of B are in C already.
                if (!first)
                    AddInPlace(rows, a + depth, lda, b.Panel(panel, depth), count, product, ldc, last && addend != null ? addend + column : null, epilogue);
                else
                    MicroKernel512.Multiply(rows, a + depth, lda, 1, b.Panel(panel, depth), count, product, ldc, epilogue with { Addend = last && addend != null ? addend + column : null, AddendStride = ldc });
            }
        }
    }

    /// <summary>A later part of the depth: what C has is added to, and in the last part the addend too.</summary>
    private static void AddInPlace(int rows, float* a, nint lda, float* panel, int depth, float* c, nint ldc, float* addend, Epilogue epilogue)
    {
        if (addend != null)
        {
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < MicroKernel512.Columns; column++)
                    c[row * ldc + column] += addend[row * ldc + column];
            }
        }

        MicroKernel512.Multiply(rows, a, lda, 1, panel, depth, c, ldc, epilogue with { Addend = c, AddendStride = ldc });
    }

    /// <summary>A panel that reaches past C's last column goes through a small buffer.</summary>
    private static void MultiplyLastPanel(int rows, float* a, nint lda, PackedMatrix b, int depth, int count, float* c, nint ldc, float* addend, Epilogue epilogue)
    {
        const int Rows = 12;
        float* sums = stackalloc float[Rows * MicroKernel512.Columns];
        bool last = depth + count == b.Depth;
        int panel = b.Panels - 1, width = b.Columns - panel * MicroKernel512.Columns;
        for (int row = 0; row < rows; row += Rows)
        {
            int block = Math.Min(Rows, rows - row);
            MicroKernel512.Multiply(block, a + row * lda, lda, 1, b.Panel(panel, depth), count, sums, MicroKernel512.Columns, new Epilogue { Bias = epilogue.Bias });
            for (int r = 0; r < block; r++)
            {
                for (int column = 0; column < width; column++)
                {
                    nint at = (row + r) * ldc + column;
                    float sum = sums[r * MicroKernel512.Columns + column];
                    if (depth > 0)
                        sum += c[at];
                    if (last && addend != null)
                        sum += addend[at];
                    c[at] = epilogue.Relu ? Math.Max(sum, 0) : sum;
                }
            }
        }
    }
}
