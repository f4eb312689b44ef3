using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace MaskRcnn.Detection.Kernels;

/// <summary>
/// The inner product of matrices with AVX-512: 12 rows of A times a panel of 32 columns of B, all sums in registers
/// (24 of 32), so that each loaded vector of B serves 12 multiplications.
/// </summary>
internal static unsafe class MicroKernel512
{
    /// <summary>Columns of a panel.</summary>
    public const int Columns = 32;

    /// <summary>C = A · B with the epilogue, for any number of rows.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="a">(rows, depth), rows <paramref name="lda"/> apart.</param>
    /// <param name="lda">Floats from row to row of A.</param>
    /// <param name="step">Floats from column to column of A, 1 where a row is contiguous.</param>
    /// <param name="b">A panel: (depth, 32), contiguous.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="c">(rows, 32), rows <paramref name="ldc"/> apart.</param>
    /// <param name="ldc">Floats from row to row of C.</param>
    /// <param name="epilogue">What is done to the sums before they are stored.</param>
    public static void Multiply(int rows, float* a, nint lda, nint step, float* b, nint depth, float* c, nint ldc, Epilogue epilogue)
    {
        for (; rows >= 12; rows -= 12, a += 12 * lda, c += 12 * ldc, epilogue = epilogue.Down(12))
            Multiply12(a, lda, step, b, depth, c, ldc, epilogue);
        for (; rows >= 4; rows -= 4, a += 4 * lda, c += 4 * ldc, epilogue = epilogue.Down(4))
            Multiply4(a, lda, step, b, depth, c, ldc, epilogue);
        for (; rows > 0; rows--, a += lda, c += ldc, epilogue = epilogue.Down(1))
            Multiply1(a, lda, step, b, depth, c, ldc, epilogue);
    }

    /// <summary>Twelve rows of the product; see <see cref="Multiply(int, float*, nint, nint, float*, nint, float*, nint, Epilogue)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply12(float* a, nint lda, nint step, float* b, nint depth, float* c, nint ldc, in Epilogue epilogue)
    {
        V i0 = epilogue.Bias == null ? V.Zero : Vector512.Load(epilogue.Bias), i1 = epilogue.Bias == null ? V.Zero : Vector512.Load(epilogue.Bias + 16);
        V c00 = i0, c01 = i1, c10 = i0, c11 = i1, c20 = i0, c21 = i1, c30 = i0, c31 = i1;
        V c40 = i0, c41 = i1, c50 = i0, c51 = i1, c60 = i0, c61 = i1, c70 = i0, c71 = i1;
        V c80 = i0, c81 = i1, c90 = i0, c91 = i1, ca0 = i0, ca1 = i1, cb0 = i0, cb1 = i1;
        nint lda2 = 2 * lda;
        float* next = a + 12 * lda;
        nint ahead = step == 1 ? V.Count : step;
        float* a0 = a, a3 = a + 3 * lda, a6 = a + 6 * lda, a9 = a + 9 * lda;
        // The lines of C come while the sums are made.
        for (int row = 0; row < 12; row++)
        {
            Sse.Prefetch0(c + row * ldc);
            Sse.Prefetch0(c + row * ldc + V.Count);
        }

        for (float* end = b + depth * Columns; b < end; b += Columns)
        {
            V b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16);
            V x0 = Vector512.Create(*a0);
            c00 = Avx512F.FusedMultiplyAdd(x0, b0, c00);
            c01 = Avx512F.FusedMultiplyAdd(x0, b1, c01);
            V x1 = Vector512.Create(*(a0 + lda));
            c10 = Avx512F.FusedMultiplyAdd(x1, b0, c10);
            c11 = Avx512F.FusedMultiplyAdd(x1, b1, c11);
            V x2 = Vector512.Create(*(a0 + lda2));
            c20 = Avx512F.FusedMultiplyAdd(x2, b0, c20);
            c21 = Avx512F.FusedMultiplyAdd(x2, b1, c21);
            V x3 = Vector512.Create(*a3);
            c30 = Avx512F.FusedMultiplyAdd(x3, b0, c30);
            c31 = Avx512F.FusedMultiplyAdd(x3, b1, c31);
            V x4 = Vector512.Create(*(a3 + lda));
            c40 = Avx512F.FusedMultiplyAdd(x4, b0, c40);
            c41 = Avx512F.FusedMultiplyAdd(x4, b1, c41);
            V x5 = Vector512.Create(*(a3 + lda2));
            c50 = Avx512F.FusedMultiplyAdd(x5, b0, c50);
            c51 = Avx512F.FusedMultiplyAdd(x5, b1, c51);
            V x6 = Vector512.Create(*a6);
            c60 = Avx512F.FusedMultiplyAdd(x6, b0, c60);
            c61 = Avx512F.FusedMultiplyAdd(x6, b1, c61);
            V x7 = Vector512.Create(*(a6 + lda));
            c70 = Avx512F.FusedMultiplyAdd(x7, b0, c70);
            c71 = Avx512F.FusedMultiplyAdd(x7, b1, c71);
            V x8 = Vector512.Create(*(a6 + lda2));
            c80 = Avx512F.FusedMultiplyAdd(x8, b0, c80);
            c81 = Avx512F.FusedMultiplyAdd(x8, b1, c81);
            V x9 = Vector512.Create(*a9);
            c90 = Avx512F.FusedMultiplyAdd(x9, b0, c90);
            c91 = Avx512F.FusedMultiplyAdd(x9, b1, c91);
            V xa = Vector512.Create(*(a9 + lda));
            ca0 = Avx512F.FusedMultiplyAdd(xa, b0, ca0);
            ca1 = Avx512F.FusedMultiplyAdd(xa, b1, ca1);
            V xb = Vector512.Create(*(a9 + lda2));
            cb0 = Avx512F.FusedMultiplyAdd(xb, b0, cb0);
            cb1 = Avx512F.FusedMultiplyAdd(xb, b1, cb1);
            // The next twelve rows lie behind these; they come from memory while these are multiplied.
            Sse.Prefetch0(next);
            next += ahead;
            a0 += step; a3 += step; a6 += step; a9 += step;
        }

        float* addend = epilogue.Addend;
        Store(c00, c01, c, addend, epilogue.Relu);
        Store(c10, c11, c + 1 * ldc, addend == null ? null : addend + 1 * epilogue.AddendStride, epilogue.Relu);
        Store(c20, c21, c + 2 * ldc, addend == null ? null : addend + 2 * epilogue.AddendStride, epilogue.Relu);
        Store(c30, c31, c + 3 * ldc, addend == null ? null : addend + 3 * epilogue.AddendStride, epilogue.Relu);
        Store(c40, c41, c + 4 * ldc, addend == null ? null : addend + 4 * epilogue.AddendStride, epilogue.Relu);
        Store(c50, c51, c + 5 * ldc, addend == null ? null : addend + 5 * epilogue.AddendStride, epilogue.Relu);
        Store(c60, c61, c + 6 * ldc, addend == null ? null : addend + 6 * epilogue.AddendStride, epilogue.Relu);
        Store(c70, c71, c + 7 * ldc, addend == null ? null : addend + 7 * epilogue.AddendStride, epilogue.Relu);
        Store(c80, c81, c + 8 * ldc, addend == null ? null : addend + 8 * epilogue.AddendStride, epilogue.Relu);
        Store(c90, c91, c + 9 * ldc, addend == null ? null : addend + 9 * epilogue.AddendStride, epilogue.Relu);
        Store(ca0, ca1, c + 10 * ldc, addend == null ? null : addend + 10 * epilogue.AddendStride, epilogue.Relu);
        Store(cb0, cb1, c + 11 * ldc, addend == null ? null : addend + 11 * epilogue.AddendStride, epilogue.Relu);
    }

    /// <summary>Four rows of the product; see <see cref="Multiply(int, float*, nint, nint, float*, nint, float*, nint, Epilogue)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply4(float* a, nint lda, nint step, float* b, nint depth, float* c, nint ldc, in Epilogue epilogue)
    {
        V i0 = epilogue.Bias == null ? V.Zero : Vector512.Load(epilogue.Bias), i1 = epilogue.Bias == null ? V.Zero : Vector512.Load(epilogue.Bias + 16);
        V c00 = i0, c01 = i1, c10 = i0, c11 = i1, c20 = i0, c21 = i1, c30 = i0, c31 = i1;
        nint lda2 = 2 * lda;
        float* a0 = a, a3 = a + 3 * lda;
        for (float* end = b + depth * Columns; b < end; b += Columns)
        {
            V b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16);
            V x0 = Vector512.Create(*a0);
            c00 = Avx512F.FusedMultiplyAdd(x0, b0, c00);
            c01 = Avx512F.FusedMultiplyAdd(x0, b1, c01);
            V x1 = Vector512.Create(*(a0 + lda));
            c10 = Avx512F.FusedMultiplyAdd(x1, b0, c10);
            c11 = Avx512F.FusedMultiplyAdd(x1, b1, c11);
            V x2 = Vector512.Create(*(a0 + lda2));
            c20 = Avx512F.FusedMultiplyAdd(x2, b0, c20);
            c21 = Avx512F.FusedMultiplyAdd(x2, b1, c21);
            V x3 = Vector512.Create(*a3);
            c30 = Avx512F.FusedMultiplyAdd(x3, b0, c30);
            c31 = Avx512F.FusedMultiplyAdd(x3, b1, c31);
            a0 += step; a3 += step;
        }

        float* addend = epilogue.Addend;
        Store(c00, c01, c, addend, epilogue.Relu);
        Store(c10, c11, c + 1 * ldc, addend == null ? null : addend + 1 * epilogue.AddendStride, epilogue.Relu);
        Store(c20, c21, c + 2 * ldc, addend == null ? null : addend + 2 * epilogue.AddendStride, epilogue.Relu);
        Store(c30, c31, c + 3 * ldc, addend == null ? null : addend + 3 * epilogue.AddendStride, epilogue.Relu);
    }

    /// <summary>One row of the product; see <see cref="Multiply(int, float*, nint, nint, float*, nint, float*, nint, Epilogue)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply1(float* a, nint lda, nint step, float* b, nint depth, float* c, nint ldc, in Epilogue epilogue)
    {
        V i0 = epilogue.Bias == null ? V.Zero : Vector512.Load(epilogue.Bias), i1 = epilogue.Bias == null ? V.Zero : Vector512.Load(epilogue.Bias + 16);
        V c00 = i0, c01 = i1;
        float* a0 = a;
        for (float* end = b + depth * Columns; b < end; b += Columns)
        {
            V b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16);
            V x0 = Vector512.Create(*a0);
            c00 = Avx512F.FusedMultiplyAdd(x0, b0, c00);
            c01 = Avx512F.FusedMultiplyAdd(x0, b1, c01);
            a0 += step;
        }

        float* addend = epilogue.Addend;
        Store(c00, c01, c, addend, epilogue.Relu);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V left, V right, float* c, float* addend, bool relu)
    {
        if (addend != null)
        {
            left += Vector512.Load(addend);
            right += Vector512.Load(addend + 16);
        }

        if (relu)
        {
            left = Avx512F.Max(left, V.Zero);
            right = Avx512F.Max(right, V.Zero);
        }

        left.Store(c);
        right.Store(c + 16);
    }
}
