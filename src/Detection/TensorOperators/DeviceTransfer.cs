using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>
/// Copies between the host and a device. To the device they do not wait: they go through pinned memory, which libtorch
/// keeps until the copy is done, whatever becomes of the tensor. From the device they wait for all that was asked of it.
/// </summary>
internal static class DeviceTransfer
{
    /// <summary>Single-precision values on a device.</summary>
    public static torch.Tensor Upload(float[] values, ReadOnlySpan<long> shape, torch.Device device)
    {
        using torch.Tensor host = torch.tensor(values, shape);
        return Upload(host, device);
    }

    /// <summary>Integers on a device.</summary>
    public static torch.Tensor Upload(long[] values, ReadOnlySpan<long> shape, torch.Device device)
    {
        using torch.Tensor host = torch.tensor(values, shape);
        return Upload(host, device);
    }

    /// <summary>Bytes on a device.</summary>
    public static torch.Tensor Upload(byte[] values, ReadOnlySpan<long> shape, torch.Device device)
    {
        using torch.Tensor host = torch.tensor(values, shape);
        return Upload(host, device);
    }

    /// <summary>A tensor's values in single precision, in torch's usual order.</summary>
    public static float[] Floats(torch.Tensor tensor)
    {
        using torch.Tensor host = tensor.cpu();
        using torch.Tensor values = host.to(torch.float32);
        using torch.Tensor contiguous = values.contiguous();
        // TorchSharp cannot copy an empty tensor.
        return contiguous.numel() == 0 ? [] : contiguous.data<float>().ToArray();
    }

    /// <summary>The integers of a tensor, in torch's usual order.</summary>
    public static long[] Integers(torch.Tensor tensor)
    {
        using torch.Tensor host = tensor.cpu();
        using torch.Tensor contiguous = host.contiguous();
        return contiguous.numel() == 0 ? [] : contiguous.data<long>().ToArray();
    }

    private static torch.Tensor Upload(torch.Tensor host, torch.Device device)
    {
        if (device.type != DeviceType.CUDA)
            return host.to(device);
        using torch.Tensor pinned = host.pin_memory();
        return pinned.to(device, non_blocking: true);
    }
}
