using TorchSharp;
using TorchSharp.Modules;

namespace MaskRcnn.Detection.Layers;

/// <summary>Batch norm (Ioffe and Szegedy 2015) with torch's names, momentum 0.1.</summary>
internal sealed class BatchNorm : Norm
{
    private const double Momentum = 0.1;
    private readonly double _eps;
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    /// <summary>Makes the parameters and statistics of an identity.</summary>
    public BatchNorm(int channels, double eps)
        : base(nameof(BatchNorm))
    {
        _eps = eps;
        _weight = new Parameter(torch.ones(channels));
        _bias = new Parameter(torch.zeros(channels));
        register_parameter("weight", _weight);
        register_parameter("bias", _bias);
        register_buffer("running_mean", torch.zeros(channels));
        register_buffer("running_var", torch.ones(channels));
        register_buffer("num_batches_tracked", torch.tensor(0L));
    }

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.Tensor input)
    {
        if (training)
            get_buffer("num_batches_tracked")!.add_(1);
        return torch.nn.functional.batch_norm(input, get_buffer("running_mean")!, get_buffer("running_var")!, get_parameter("weight"), get_parameter("bias"), training, Momentum, _eps);
    }

    /// <inheritdoc/>
    public override (double[] Scale, double[] Shift)? Affine() =>
        FrozenBatchNorm.AffineOf(get_parameter("weight")!, get_parameter("bias")!, get_buffer("running_mean")!, get_buffer("running_var")!, _eps);
}
