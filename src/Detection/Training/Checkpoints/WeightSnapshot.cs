using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Training.Checkpoints;

/// <summary>Tensors of a network and stored tensors, to and fro. Copies: what is trained on does not change them.</summary>
internal static class WeightSnapshot
{
    /// <summary>Copies tensors.</summary>
    /// <param name="tensors">Single precision or 64-bit integers, on any device.</param>
    /// <param name="prefix">What names begin with.</param>
    public static IEnumerable<StoredTensor> Of(IEnumerable<(string Name, torch.Tensor Tensor)> tensors, string prefix = "") => tensors.Select(t => Of(prefix + t.Name, t.Tensor));

    /// <summary>Copies stored values into tensors, each from its name with the prefix.</summary>
    public static unsafe void Restore(StateDict stored, IEnumerable<(string Name, torch.Tensor Tensor)> tensors, string prefix)
    {
        using var noGradient = torch.no_grad();
        foreach ((string name, torch.Tensor target) in tensors)
        {
            StoredTensor source = stored[prefix + name];
            using torch.Tensor host = torch.empty(target.shape, dtype: target.dtype);
            source.Read(0, new Span<byte>(ChannelsLast.Pointer(host), checked((int)source.ByteLength)));
            target.copy_(host);
        }
    }

    private static unsafe StoredTensor Of(string name, torch.Tensor tensor)
    {
        using var noGradient = torch.no_grad();
        using torch.Tensor host = tensor.cpu(), contiguous = host.contiguous();
        TensorType type = contiguous.dtype == torch.ScalarType.Int64 ? TensorType.I64 : TensorType.F32;
        byte[] bytes = new ReadOnlySpan<byte>(ChannelsLast.Pointer(contiguous), checked((int)(contiguous.numel() * type.Size()))).ToArray();
        return new StoredTensor(name, type, contiguous.shape, bytes);
    }
}
