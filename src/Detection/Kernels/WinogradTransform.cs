using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace MaskRcnn.Detection.Kernels;

/// <summary>
/// Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray 2016): 36 multiplications for 16 outputs instead of 144.
/// Interpolation points 0, ±√½, ±√2 and ∞. They keep the error at twice that of direct summation; the usual points
/// 0, ±1, ±2 make it four times larger.
/// </summary>
internal static unsafe class WinogradTransform
{
    /// <summary>Side of a tile of outputs.</summary>
    public const int OutputSide = 4;

    /// <summary>Side of a tile of inputs.</summary>
    public const int InputSide = 6;

    /// <summary>Products of a tile.</summary>
    public const int Points = InputSide * InputSide;

    private const float A = 0.70710678118654752f;
    private const float B = 1.41421356237309505f;

    /// <summary>The filter's transform, row by row: G in U = G · g · Gᵀ.</summary>
    private static readonly double[,] Filter = FilterMatrix();

    /// <summary>The transforms of eight 3×3 filters.</summary>
    /// <param name="filters">Nine vectors, row by row, of a weight of each filter.</param>
    /// <param name="transformed">Where the first of 36 groups of eight values goes.</param>
    /// <param name="pointStride">Floats from one group to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformFilters(ReadOnlySpan<Vector512<double>> filters, float* transformed, nint pointStride)
    {
        Span<Vector512<double>> half = stackalloc Vector512<double>[InputSide * 3];
        for (int i = 0; i < InputSide; i++)
        {
            for (int k = 0; k < 3; k++)
                half[i * 3 + k] = Filter[i, 0] * filters[k] + Filter[i, 1] * filters[3 + k] + Filter[i, 2] * filters[6 + k];
        }

        for (int i = 0; i < InputSide; i++)
        {
            for (int j = 0; j < InputSide; j++, transformed += pointStride)
            {
                Vector512<double> value = half[i * 3] * Filter[j, 0] + half[i * 3 + 1] * Filter[j, 1] + half[i * 3 + 2] * Filter[j, 2];
                Avx512F.ConvertToVector256Single(value).Store(transformed);
            }
        }
    }

    /// <summary>V = Bᵀ · d · B for 16 channels of a tile.</summary>
    /// <param name="tile">The tile's first pixel, 6×6 pixels.</param>
    /// <param name="rowStride">Elements from row to row.</param>
    /// <param name="pixelStride">Elements from pixel to pixel.</param>
    /// <param name="work">36 vectors of working memory.</param>
    /// <param name="transformed">Where the first of the 36 vectors goes.</param>
    /// <param name="pointStride">Floats from one of the 36 vectors to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformInput<T>(T* tile, nint rowStride, nint pixelStride, V* work, float* transformed, nint pointStride)
        where T : unmanaged, IKernelElement<T>
    {
        for (int column = 0; column < InputSide; column++, tile += pixelStride)
        {
            Interpolate(
                T.Load(tile), T.Load(tile + rowStride), T.Load(tile + 2 * rowStride), T.Load(tile + 3 * rowStride), T.Load(tile + 4 * rowStride), T.Load(tile + 5 * rowStride),
                out work[column], out work[6 + column], out work[12 + column], out work[18 + column], out work[24 + column], out work[30 + column]);
        }

        for (int row = 0; row < InputSide; row++, work += InputSide)
        {
            Interpolate(work[0], work[1], work[2], work[3], work[4], work[5], out V v0, out V v1, out V v2, out V v3, out V v4, out V v5);
            v0.Store(transformed);
            v1.Store(transformed + pointStride);
            v2.Store(transformed + 2 * pointStride);
            v3.Store(transformed + 3 * pointStride);
            v4.Store(transformed + 4 * pointStride);
            v5.Store(transformed + 5 * pointStride);
            transformed += 6 * pointStride;
        }
    }

    /// <summary>Y = Aᵀ · M · A for 16 channels of a tile.</summary>
    /// <param name="products">The first of the 36 vectors.</param>
    /// <param name="pointStride">Floats from one of them to the next.</param>
    /// <param name="work">24 vectors of working memory.</param>
    /// <param name="outputs">16 vectors, row by row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformOutput(float* products, nint pointStride, V* work, V* outputs)
    {
        for (int column = 0; column < InputSide; column++, products += pointStride)
        {
            Evaluate(
                Vector512.Load(products), Vector512.Load(products + 6 * pointStride), Vector512.Load(products + 12 * pointStride),
                Vector512.Load(products + 18 * pointStride), Vector512.Load(products + 24 * pointStride), Vector512.Load(products + 30 * pointStride),
                out work[column], out work[6 + column], out work[12 + column], out work[18 + column]);
        }

        for (int row = 0; row < OutputSide; row++, work += InputSide, outputs += OutputSide)
            Evaluate(work[0], work[1], work[2], work[3], work[4], work[5], out outputs[0], out outputs[1], out outputs[2], out outputs[3]);
    }

    /// <summary>A · e · Aᵀ for 16 channels of a tile of the outputs' gradient: the gradient of the 36 products.</summary>
    /// <param name="tile">The tile's first pixel, 4×4 pixels.</param>
    /// <param name="rowStride">Elements from row to row.</param>
    /// <param name="pixelStride">Elements from pixel to pixel.</param>
    /// <param name="work">24 vectors of working memory.</param>
    /// <param name="transformed">Where the first of the 36 vectors goes.</param>
    /// <param name="pointStride">Floats from one of the 36 vectors to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformGradient<T>(T* tile, nint rowStride, nint pixelStride, V* work, float* transformed, nint pointStride)
        where T : unmanaged, IKernelElement<T>
    {
        for (int column = 0; column < OutputSide; column++, tile += pixelStride)
        {
            Spread(
                T.Load(tile), T.Load(tile + rowStride), T.Load(tile + 2 * rowStride), T.Load(tile + 3 * rowStride),
                out work[column], out work[4 + column], out work[8 + column], out work[12 + column], out work[16 + column], out work[20 + column]);
        }

        for (int row = 0; row < InputSide; row++, work += OutputSide)
        {
            Spread(work[0], work[1], work[2], work[3], out V v0, out V v1, out V v2, out V v3, out V v4, out V v5);
            v0.Store(transformed);
            v1.Store(transformed + pointStride);
            v2.Store(transformed + 2 * pointStride);
            v3.Store(transformed + 3 * pointStride);
            v4.Store(transformed + 4 * pointStride);
            v5.Store(transformed + 5 * pointStride);
            transformed += 6 * pointStride;
        }
    }

    /// <summary>Gᵀ · u · G for 16 filters: the gradients of 3×3 filters from those of their transforms.</summary>
    /// <param name="transformed">The first of 36 vectors.</param>
    /// <param name="pointStride">Floats from one of them to the next.</param>
    /// <param name="filters">Nine vectors, row by row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FilterGradients(float* transformed, nint pointStride, V* filters)
    {
        V* half = stackalloc V[3 * InputSide];
        for (int column = 0; column < InputSide; column++, transformed += pointStride)
        {
            for (int k = 0; k < 3; k++)
            {
                V sum = V.Zero;
                for (int i = 0; i < InputSide; i++)
                    sum = Vector512.FusedMultiplyAdd(Vector512.Create((float)Filter[i, k]), Vector512.Load(transformed + i * InputSide * pointStride), sum);
                half[k * InputSide + column] = sum;
            }
        }

        for (int k = 0; k < 3; k++)
        {
            for (int l = 0; l < 3; l++)
            {
                V sum = V.Zero;
                for (int j = 0; j < InputSide; j++)
                    sum = Vector512.FusedMultiplyAdd(Vector512.Create((float)Filter[j, l]), half[k * InputSide + j], sum);
                filters[k * 3 + l] = sum;
            }
        }
    }

    /// <summary>One row of A · e: the polynomial with these coefficients at the points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(V e0, V e1, V e2, V e3, out V v0, out V v1, out V v2, out V v3, out V v4, out V v5)
    {
        V even = Vector512.FusedMultiplyAdd(Vector512.Create(0.5f), e2, e0), odd = Vector512.FusedMultiplyAdd(Vector512.Create(0.5f), e3, e1);
        v0 = e0;
        v1 = Vector512.FusedMultiplyAdd(Vector512.Create(A), odd, even);
        v2 = Vector512.FusedMultiplyAdd(Vector512.Create(-A), odd, even);
        even = Vector512.FusedMultiplyAdd(Vector512.Create(2f), e2, e0);
        odd = Vector512.FusedMultiplyAdd(Vector512.Create(2f), e3, e1);
        v3 = Vector512.FusedMultiplyAdd(Vector512.Create(B), odd, even);
        v4 = Vector512.FusedMultiplyAdd(Vector512.Create(-B), odd, even);
        v5 = e3;
    }

    /// <summary>One row of Bᵀ · d. With the points' squares ½ and 2 the rows are x⁴ − 2.5x² + 1 and its likes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interpolate(V d0, V d1, V d2, V d3, V d4, V d5, out V v0, out V v1, out V v2, out V v3, out V v4, out V v5)
    {
        V minusTwoAndHalf = Vector512.Create(-2.5f), minusTwo = Vector512.Create(-2f), minusHalf = Vector512.Create(-0.5f);
        V even = Vector512.FusedMultiplyAdd(minusTwo, d2, d4), odd = Vector512.FusedMultiplyAdd(minusTwo, d1, d3);
        v0 = Vector512.FusedMultiplyAdd(minusTwoAndHalf, d2, d0 + d4);
        v1 = Vector512.FusedMultiplyAdd(Vector512.Create(A), odd, even);
        v2 = Vector512.FusedMultiplyAdd(Vector512.Create(-A), odd, even);
        even = Vector512.FusedMultiplyAdd(minusHalf, d2, d4);
        odd = Vector512.FusedMultiplyAdd(minusHalf, d1, d3);
        v3 = Vector512.FusedMultiplyAdd(Vector512.Create(B), odd, even);
        v4 = Vector512.FusedMultiplyAdd(Vector512.Create(-B), odd, even);
        v5 = Vector512.FusedMultiplyAdd(minusTwoAndHalf, d3, d1 + d5);
    }

    /// <summary>One row of Aᵀ · m: the polynomial's coefficients from its values at the points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Evaluate(V m0, V m1, V m2, V m3, V m4, V m5, out V y0, out V y1, out V y2, out V y3)
    {
        V even1 = m1 + m2, odd1 = m1 - m2, even2 = m3 + m4, odd2 = m3 - m4;
        y0 = m0 + even1 + even2;
        y1 = Vector512.FusedMultiplyAdd(Vector512.Create(B), odd2, Vector512.Create(A) * odd1);
        y2 = Vector512.FusedMultiplyAdd(Vector512.Create(2f), even2, Vector512.Create(0.5f) * even1);
        y3 = Vector512.FusedMultiplyAdd(Vector512.Create(2 * B), odd2, Vector512.FusedMultiplyAdd(Vector512.Create(0.5f * A), odd1, m5));
    }

    private static double[,] FilterMatrix()
    {
        double[] points = [0, Math.Sqrt(0.5), -Math.Sqrt(0.5), Math.Sqrt(2), -Math.Sqrt(2)];
        double[,] matrix = new double[InputSide, 3];
        for (int i = 0; i < points.Length; i++)
        {
            double scale = 1;
            foreach (double other in points.Where(p => p != points[i]))
                scale *= points[i] - other;
            for (int power = 0; power < 3; power++)
                matrix[i, power] = Math.Pow(points[i], power) / scale;
        }

        matrix[InputSide - 1, 2] = 1;
        return matrix;
    }
}
