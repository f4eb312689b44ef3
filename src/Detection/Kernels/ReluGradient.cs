using System.Runtime.Intrinsics;
using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>The gradient before a ReLU: that after it where its output is positive, otherwise 0.</summary>
internal static unsafe class ReluGradient
{
    private const int Block = 1 << 16;

    /// <summary>Masks a gradient.</summary>
    /// <param name="gradient">After the ReLU, channels-last, single precision or bfloat16.</param>
    /// <param name="output">The ReLU's output, of the same shape, type and order.</param>
    public static torch.Tensor Of(torch.Tensor gradient, torch.Tensor output)
    {
        long[] shape = gradient.shape;
        torch.Tensor result = ChannelsLast.Empty(shape[0], shape[1], shape[2], shape[3], gradient.dtype);
        nint from = (nint)ChannelsLast.Pointer(gradient), mask = (nint)ChannelsLast.Pointer(output), to = (nint)ChannelsLast.Pointer(result);
        long count = gradient.numel();
        bool half = gradient.dtype == torch.ScalarType.BFloat16;
        KernelThreads.For((int)((count + Block - 1) / Block), block =>
        {
            long first = (long)block * Block;
            int length = (int)Math.Min(Block, count - first);
            if (half)
                Mask((BFloat16Element*)from + first, (BFloat16Element*)mask + first, (BFloat16Element*)to + first, length);
            else
                Mask((Float32Element*)from + first, (Float32Element*)mask + first, (Float32Element*)to + first, length);
        });
        return result;
    }

    private static void Mask<T>(T* gradient, T* output, T* result, int count)
        where T : unmanaged, IKernelElement<T>
    {
        int i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
            T.Store(Vector512.GreaterThan(T.Load(output + i), Vector512<float>.Zero) & T.Load(gradient + i), result + i);
        for (; i < count; i++)
            result[i] = T.Value(output[i]) > 0 ? gradient[i] : default;
    }
}
