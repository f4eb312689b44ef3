using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;
using TorchSharp;

namespace MaskRcnn.Detection;

/// <summary>Puts stored weights into a network.</summary>
internal static class NetworkLoader
{
    /// <summary>Copies every tensor of a state dict into the network's parameter or buffer of its name.</summary>
    /// <exception cref="StateDictMismatchException">Names or shapes differ; the message names them.</exception>
    /// <param name="network">The network.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="path">Where they come from, for the message.</param>
    public static unsafe void Load(MaskRcnnNetwork network, StateDict weights, string path)
    {
        StateDictCheck.Require(weights, TorchvisionLayout.Expected(network.Configuration), path, network.Configuration.Name);
        using var noGradient = torch.no_grad();
        foreach ((string name, torch.Tensor target) in Tensors(network))
        {
            StoredTensor stored = weights[name];
            if (target.dtype == torch.ScalarType.Int64)
            {
                stored.ToIntegers().CopyTo(new Span<long>(ChannelsLast.Pointer(target), (int)stored.Count));
                continue;
            }

            stored.ToFloats().CopyTo(new Span<float>(ChannelsLast.Pointer(target), (int)stored.Count));
        }
    }

    /// <summary>Every parameter and buffer with its name.</summary>
    public static IEnumerable<(string Name, torch.Tensor Tensor)> Tensors(torch.nn.Module network) =>
        network.named_parameters().Select(p => (p.name, (torch.Tensor)p.parameter)).Concat(network.named_buffers().Select(b => (b.name, b.buffer)));
}
