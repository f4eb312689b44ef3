using TorchSharp;

namespace MaskRcnn.Detection.Layers;

/// <summary>
/// Batch norm with constants: y = x · s + (bias − mean · s), s = weight / √(variance + eps). All four are buffers, as in
/// torchvision's <c>FrozenBatchNorm2d</c>; training does not change them.
/// </summary>
internal sealed class FrozenBatchNorm : Norm
{
    private readonly double _eps;
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor _bias;
    private readonly torch.Tensor _mean;
    private readonly torch.Tensor _variance;

    /// <summary>Makes the buffers of an identity.</summary>
    public FrozenBatchNorm(int channels, double eps)
        : base(nameof(FrozenBatchNorm))
    {
        _eps = eps;
        _weight = torch.ones(channels);
        _bias = torch.zeros(channels);
        _mean = torch.zeros(channels);
        _variance = torch.ones(channels);
        register_buffer("weight", _weight);
        register_buffer("bias", _bias);
        register_buffer("running_mean", _mean);
        register_buffer("running_var", _variance);
    }

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.Tensor input)
    {
        (torch.Tensor scale, torch.Tensor shift) = Constants();
        using torch.Tensor scaleOwner = scale, shiftOwner = shift;
        using torch.Tensor scales = scale.view(1, -1, 1, 1), shifts = shift.view(1, -1, 1, 1);
        using torch.Tensor scaled = input.mul(scales);
        return scaled.add(shifts);
    }

    /// <summary>Scale and shift of each channel, (C).</summary>
    public (torch.Tensor Scale, torch.Tensor Shift) Constants()
    {
        using torch.Tensor variance = get_buffer("running_var")!.add(_eps);
        using torch.Tensor root = variance.rsqrt();
        torch.Tensor scale = get_buffer("weight")!.mul(root);
        using torch.Tensor centre = get_buffer("running_mean")!.mul(scale);
        return (scale, get_buffer("bias")!.sub(centre));
    }

    /// <inheritdoc/>
    public override (double[] Scale, double[] Shift)? Affine() =>
        AffineOf(get_buffer("weight")!, get_buffer("bias")!, get_buffer("running_mean")!, get_buffer("running_var")!, _eps);

    /// <summary>Scale and shift of a batch norm with these statistics.</summary>
    internal static (double[] Scale, double[] Shift) AffineOf(torch.Tensor weight, torch.Tensor bias, torch.Tensor mean, torch.Tensor variance, double eps)
    {
        double[] w = Values(weight), b = Values(bias), m = Values(mean), v = Values(variance);
        double[] scale = new double[w.Length], shift = new double[w.Length];
        for (int i = 0; i < w.Length; i++)
        {
            scale[i] = w[i] / Math.Sqrt(v[i] + eps);
            shift[i] = b[i] - m[i] * scale[i];
        }

        return (scale, shift);
    }

    private static double[] Values(torch.Tensor tensor)
    {
        using torch.Tensor values = tensor.to(torch.float64, torch.CPU);
        return values.data<double>().ToArray();
    }
}
