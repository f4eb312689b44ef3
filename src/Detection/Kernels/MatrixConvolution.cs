using System.Runtime.Intrinsics;
using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>
/// Any convolution as a matrix product. A 1×1 convolution multiplies the pixels as they lie; for others a task first
/// gathers the pixels under the kernel, a block of outputs at a time (im2col within the cache). The result is single
/// precision, whatever the input is.
/// </summary>
internal sealed unsafe class MatrixConvolution<T> : IConvolutionKernel
    where T : unmanaged, IKernelElement<T>
{
    private readonly ConvolutionWeights _shape;
    private readonly PackedMatrix _matrix;

    /// <summary>Packs the weights: (K·K·C, O), the kernel's pixels outermost.</summary>
    public MatrixConvolution(ConvolutionWeights weights)
    {
        _shape = weights with { Values = [], Bias = [] };
        int area = weights.Kernel * weights.Kernel;
        _matrix = new PackedMatrix(area * weights.Inputs, weights.Outputs,
            (row, column) => weights.Values[(column * weights.Inputs + row % weights.Inputs) * area + row / weights.Inputs], weights.Bias);
    }

    /// <inheritdoc/>
    public torch.Tensor Run(torch.Tensor input, torch.Tensor? addend = null, bool reuseAddend = false)
    {
        long n = input.shape[0];
        int h = (int)input.shape[2], w = (int)input.shape[3];
        int height = (int)_shape.OutputLength(h), width = (int)_shape.OutputLength(w);
        // Each sum is read and written once, unless the product is made in parts.
        bool inPlace = reuseAddend && addend is not null && _matrix.Depth <= MatrixProduct.DepthBlock && addend.dtype == torch.ScalarType.Float32 && ChannelsLast.Is(addend);
        torch.Tensor output = inPlace ? addend!.alias() : ChannelsLast.Empty(n, _shape.Outputs, height, width, torch.ScalarType.Float32);
        using torch.Tensor source = ChannelsLast.Of(input);
        using torch.Tensor? added = addend is null ? null : ChannelsLast.Of(addend);
        nint from = (nint)ChannelsLast.Pointer(source), to = (nint)ChannelsLast.Pointer(output), add = added is null ? 0 : (nint)ChannelsLast.Pointer(added);
        long rows = n * height * width;
        // What a row of the matrix needs lies together: under a 1×1 kernel, and under one as large as the input.
        bool rowsAreContiguous = _shape.Padding == 0 && ((_shape.Kernel == 1 && _shape.Stride == 1) || (_shape.Kernel == h && _shape.Kernel == w));
        KernelThreads.For((int)((rows + MatrixProduct.RowBlock - 1) / MatrixProduct.RowBlock), block =>
        {
            long first = (long)block * MatrixProduct.RowBlock, offset = first * _shape.Outputs;
            int count = (int)Math.Min(MatrixProduct.RowBlock, rows - first);
            float* result = (float*)to + offset, sum = add == 0 ? null : (float*)add + offset;
            if (typeof(T) == typeof(Float32Element) && rowsAreContiguous)
            {
                MatrixProduct.Multiply(count, (float*)from + first * _matrix.Depth, _matrix.Depth, _matrix, result, _shape.Outputs, sum, _shape.Relu);
                return;
            }

            AlignedBuffer scratch = ScratchPool.Rent((long)MatrixProduct.RowBlock * _matrix.Depth);
            Gather((T*)from, h, w, height, width, first, count, scratch.Start);
            MatrixProduct.Multiply(count, scratch.Start, _matrix.Depth, _matrix, result, _shape.Outputs, sum, _shape.Relu);
            ScratchPool.Return(scratch);
        });
        return output;
    }

    /// <inheritdoc/>
    public void Dispose() => _matrix.Dispose();

    /// <summary>The pixels under the kernel for a block of outputs: (count, K·K·C).</summary>
    private void Gather(T* input, int h, int w, int height, int width, long first, int count, float* target)
    {
        int kernel = _shape.Kernel, channels = _shape.Inputs;
        for (int i = 0; i < count; i++)
        {
            (long row, long x) = Math.DivRem(first + i, width);
            (long image, long y) = Math.DivRem(row, height);
            int top = (int)y * _shape.Stride - _shape.Padding, left = (int)x * _shape.Stride - _shape.Padding;
            int firstX = Math.Max(left, 0), endX = Math.Min(left + kernel, w);
            for (int ky = 0; ky < kernel; ky++, target += kernel * channels)
            {
                Span<float> line = new(target, kernel * channels);
                int sourceY = top + ky;
                if (sourceY < 0 || sourceY >= h || endX <= firstX)
                {
                    line.Clear();
                    continue;
                }

                if (endX - firstX < kernel)
                    line.Clear();
                Copy(input + ((image * h + sourceY) * w + firstX) * channels, target + (firstX - left) * channels, (endX - firstX) * channels);
            }
        }
    }

    private static void Copy(T* source, float* target, int count)
    {
        if (typeof(T) == typeof(Float32Element))
        {
            new Span<float>(source, count).CopyTo(new Span<float>(target, count));
            return;
        }

        int i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
            T.Load(source + i).Store(target + i);
        T* rest = stackalloc T[Vector512<float>.Count];
        new Span<T>(source + i, count - i).CopyTo(new Span<T>(rest, Vector512<float>.Count));
        Vector512<float> last = T.Load(rest);
        for (int k = 0; i + k < count; k++)
            target[i + k] = last[k];
    }
}
