using MaskRcnn.Detection.Configuration;
using TorchSharp;

namespace MaskRcnn.Detection.Layers;

/// <summary>A normalisation after a convolution.</summary>
internal abstract class Norm(string name) : torch.nn.Module<torch.Tensor, torch.Tensor>(name)
{
    /// <summary>Makes the layer of a configuration; null for none.</summary>
    public static Norm? Create(NormConfiguration configuration, int channels) => configuration.Kind switch
    {
        NormKind.None => null,
        NormKind.FrozenBatch => new FrozenBatchNorm(channels, configuration.Eps),
        NormKind.Batch => new BatchNorm(channels, configuration.Eps),
        NormKind.Group => new GroupNorm(channels, configuration.Groups, configuration.Eps),
        _ => throw new ArgumentOutOfRangeException(nameof(configuration), configuration.Kind, "There is no such norm."),
    };

    /// <summary>
    /// The scale and shift of each channel that the layer is at inference, in double precision; null when it depends on
    /// the input and so cannot be folded into a convolution.
    /// </summary>
    public abstract (double[] Scale, double[] Shift)? Affine();

    /// <summary>Copies to the plan's device what the layer, when it cannot be folded, computes with at inference.</summary>
    public virtual void Prepare(ExecutionPlan plan)
    {
    }
}
