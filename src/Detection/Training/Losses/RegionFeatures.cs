using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.RoiHeads;
using TorchSharp;

namespace MaskRcnn.Detection.Training.Losses;

/// <summary>
/// RoIAlign that autograd can go back through: the pooling and its gradient are our own kernels on the CPU, and tensor
/// operators on a device.
/// </summary>
internal sealed class RegionFeatures : torch.autograd.SingleTensorFunction<RegionFeatures>
{
    /// <inheritdoc/>
    public override string Name => nameof(RegionFeatures);

    /// <summary>Pools regions.</summary>
    /// <param name="pooling">The operator.</param>
    /// <param name="pyramid">P2 to P5 (further levels are not looked at), each (N, C, H, W).</param>
    /// <param name="regions">Boxes in resized pixels, for each of the N images.</param>
    /// <param name="size">Side of the pooled features.</param>
    /// <returns>(regions, C, size, size), image after image.</returns>
    public static torch.Tensor Of(IRegionPooling pooling, IReadOnlyList<torch.Tensor> pyramid, IReadOnlyList<Box[]> regions, int size) =>
        apply([.. pyramid.Take(RoiPooling.Levels), new Request(pooling, regions, size)]);

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        torch.Tensor[] levels = [.. vars.OfType<torch.Tensor>()];
        Request request = (Request)vars[^1];
        ctx.save_for_backward([.. levels]);
        ctx.save_data(nameof(Request), request);
        return request.Pooling.Forward(levels, request.Regions, request.Size);
    }

    /// <inheritdoc/>
    public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
    {
        Request request = (Request)ctx.get_data(nameof(Request));
        return [.. request.Pooling.Backward(grad_output, ctx.get_saved_variables(), request.Regions), null!];
    }

    private sealed record Request(IRegionPooling Pooling, IReadOnlyList<Box[]> Regions, int Size);
}
