using MaskRcnn.Detection.Kernels;
using TorchSharp;
using TorchSharp.Modules;

namespace MaskRcnn.Detection.Layers;

/// <summary>Group norm (Wu and He 2018).</summary>
internal sealed class GroupNorm : Norm
{
    private readonly int _groups;
    private readonly double _eps;
    private (torch.Tensor Weight, torch.Tensor Bias)? _prepared;

    /// <summary>Makes the parameters of an identity after normalisation.</summary>
    public GroupNorm(int channels, int groups, double eps)
        : base(nameof(GroupNorm))
    {
        if (groups < 1 || channels % groups != 0)
            throw new ArgumentException($"{channels} channels cannot be normalised in {groups} groups; expected a divisor of {channels}.", nameof(groups));
        _groups = groups;
        _eps = eps;
        register_parameter("weight", new Parameter(torch.ones(channels)));
        register_parameter("bias", new Parameter(torch.zeros(channels)));
    }

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.Tensor input) =>
        torch.nn.functional.group_norm(input, _groups, _prepared?.Weight ?? get_parameter("weight"), _prepared?.Bias ?? get_parameter("bias"), _eps);

    /// <inheritdoc/>
    public override (double[] Scale, double[] Shift)? Affine() => null;

    /// <inheritdoc/>
    public override void Prepare(ExecutionPlan plan)
    {
        DisposePrepared();
        if (plan.TensorOperators)
            _prepared = (Copy("weight"), Copy("bias"));

        torch.Tensor Copy(string name) => TorchTransposedConvolution.Copy(get_parameter(name)!, plan.Type, plan.Device);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        DisposePrepared();
        base.Dispose(disposing);
    }

    private void DisposePrepared()
    {
        _prepared?.Weight.Dispose();
        _prepared?.Bias.Dispose();
        _prepared = null;
    }
}
