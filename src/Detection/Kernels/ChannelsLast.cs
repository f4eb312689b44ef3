using MaskRcnn.Detection.Native;
using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>
/// Tensors of shape (N, C, H, W) whose memory is ordered N, H, W, C: torch's channels_last, in which a pixel's channels
/// lie together. All our kernels read and write it.
/// </summary>
internal static unsafe class ChannelsLast
{
    /// <summary>A new tensor (N, C, H, W) with undefined contents.</summary>
    public static torch.Tensor Empty(long n, long c, long h, long w, torch.ScalarType type, torch.Device? device = null)
    {
        using torch.Tensor memory = torch.empty([n, h, w, c], dtype: type, device: device);
        return memory.permute(0, 3, 1, 2);
    }

    /// <summary>A new tensor (N, C, H, W) of zeros.</summary>
    public static torch.Tensor Zeros(long n, long c, long h, long w, torch.ScalarType type, torch.Device device)
    {
        using torch.Tensor memory = torch.zeros([n, h, w, c], dtype: type, device: device);
        return memory.permute(0, 3, 1, 2);
    }

    /// <summary>Whether the memory is ordered N, H, W, C without gaps.</summary>
    public static bool Is(torch.Tensor tensor)
    {
        long[] size = tensor.shape, stride = tensor.stride();
        long expected = 1;
        foreach (int dimension in (ReadOnlySpan<int>)[1, 3, 2, 0])
        {
            if (size[dimension] != 1 && stride[dimension] != expected)
                return false;
            expected *= size[dimension];
        }

        return true;
    }

    /// <summary>The tensor in this order: a new handle of it, or a copy.</summary>
    public static torch.Tensor Of(torch.Tensor tensor)
    {
        if (Is(tensor))
            return tensor.alias();
        using torch.Tensor view = tensor.permute(0, 2, 3, 1);
        using torch.Tensor memory = view.contiguous();
        return memory.permute(0, 3, 1, 2);
    }

    /// <summary>Address of the first element of a tensor in the CPU's memory.</summary>
    public static void* Pointer(torch.Tensor tensor)
    {
        if (Aoti.GetDataPointer(tensor.Handle, out void* data) != 0)
            throw new InvalidOperationException($"libtorch gave no address for a tensor of shape ({string.Join(", ", tensor.shape)}).");
        return data;
    }
}
