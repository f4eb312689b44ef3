using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Native;
using TorchSharp;

namespace MaskRcnn.Detection.Layers;

/// <summary>
/// A convolution in training with our kernels: forward, with bias, addition and ReLU in one pass; back to the input, which is
/// a convolution itself; and back to the weights. The latter is libtorch's for bf16, whose products it gives to AMX.
/// </summary>
internal sealed class TrainedConvolution : torch.autograd.SingleTensorFunction<TrainedConvolution>
{
    /// <inheritdoc/>
    public override string Name => nameof(TrainedConvolution);

    /// <summary>Convolves.</summary>
    /// <param name="input">(N, C, H, W).</param>
    /// <param name="weight">(O, C, K, K), single precision.</param>
    /// <param name="bias">(O), or null.</param>
    /// <param name="addend">Added before the ReLU, of the output's shape; or null.</param>
    /// <param name="request">The rest.</param>
    public static torch.Tensor Of(torch.Tensor input, torch.Tensor weight, torch.Tensor? bias, torch.Tensor? addend, TrainedConvolutionRequest request)
    {
        Request own = new(request, bias is not null, addend is not null);
        return apply([input, weight, .. bias is null ? [] : new[] { bias }, .. addend is null ? [] : new[] { addend }, own]);
    }

    /// <summary>Whether our kernels are faster: 3×3 with stride 1 (Winograd's algorithm).</summary>
    public static bool Fits(torch.Tensor weight, TrainedConvolutionRequest request)
    {
        ConvolutionWeights shape = Shape(weight, request);
        return request.Plan.OwnKernels && WinogradConvolution<Float32Element>.Fits(shape);
    }

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        Request own = (Request)vars[^1];
        TrainedConvolutionRequest request = own.Settings;
        torch.Tensor weight = (torch.Tensor)vars[1];
        torch.Tensor input = Ordered((torch.Tensor)vars[0], request.Plan.Type);
        using torch.Tensor? addend = own.HasAddend ? Ordered((torch.Tensor)vars[^2], request.Plan.Type) : null;
        ConvolutionWeights weights = Shape(weight, request) with { Values = FoldedWeights.Values(weight), Bias = own.HasBias ? FoldedWeights.Values((torch.Tensor)vars[2]) : new float[weight.shape[0]], Relu = request.Relu };
        using IConvolutionKernel kernel = Kernel(weights, request.Plan);
        torch.Tensor output = kernel.Run(input, addend);
        // The output under another handle: itself it would keep itself alive.
        ctx.save_for_backward(request.Relu ? [input, weight, output.alias()] : [input, weight]);
        ctx.save_data(nameof(Request), own);
        return output;
    }

    /// <inheritdoc/>
    public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
    {
        Request own = (Request)ctx.get_data(nameof(Request));
        TrainedConvolutionRequest request = own.Settings;
        List<torch.Tensor> saved = ctx.get_saved_variables();
        (torch.Tensor input, torch.Tensor weight) = (saved[0], saved[1]);
        torch.Tensor gradient = Ordered(grad_output, input.dtype);
        if (request.Relu)
        {
            using torch.Tensor all = gradient;
            gradient = ReluGradient.Of(all, saved[2]);
        }

        using IConvolutionKernel kernel = Kernel((Shape(weight, request) with { Values = FoldedWeights.Values(weight) }).Backward(), request.Plan);
        torch.Tensor inputGradient = kernel.Run(gradient);
        (torch.Tensor weightGradient, torch.Tensor? biasGradient) = Parameters(gradient, input, weight, request, own.HasBias);
        List<torch.Tensor> gradients = [inputGradient, weightGradient];
        if (own.HasBias)
            gradients.Add(biasGradient!);
        if (own.HasAddend)
            gradients.Add(gradient);
        gradients.Add(null!);
        return gradients;
    }

    private static torch.Tensor Ordered(torch.Tensor tensor, torch.ScalarType type)
    {
        using torch.Tensor typed = tensor.dtype == type ? tensor.alias() : tensor.to(type);
        return ChannelsLast.Of(typed);
    }

    private static IConvolutionKernel Kernel(ConvolutionWeights weights, ExecutionPlan plan) => plan.Precision == Precision.Fp32
        ? new WinogradConvolution<Float32Element>(weights, plan.Type)
        : new WinogradConvolution<BFloat16Element>(weights, plan.Type);

    private static unsafe (torch.Tensor Weight, torch.Tensor? Bias) Parameters(torch.Tensor gradient, torch.Tensor input, torch.Tensor weight, TrainedConvolutionRequest request, bool hasBias)
    {
        if (input.dtype == torch.ScalarType.Float32)
            return (WinogradWeightGradient<Float32Element>.Of(gradient, input), hasBias ? gradient.sum([0, 2, 3]) : null);
        using torch.Tensor filters = weight.dtype == input.dtype ? weight.alias() : weight.to(input.dtype);
        long* stride = stackalloc long[2] { request.Stride, request.Stride }, padding = stackalloc long[2] { request.Padding, request.Padding };
        long* ones = stackalloc long[2] { 1, 1 }, zeros = stackalloc long[2] { 0, 0 }, outputs = stackalloc long[1] { weight.shape[0] };
        int* mask = stackalloc int[3] { 0, 1, hasBias ? 1 : 0 };
        IntPtr weightGradient, biasGradient = 0;
        int error = Aoti.ConvolutionBackward(
            gradient.Handle, input.Handle, filters.Handle, hasBias ? &outputs : null, hasBias ? 1 : 0, stride, 2, padding, 2, ones, 2, 0, zeros, 2, 1, mask, 3,
            null, &weightGradient, hasBias ? &biasGradient : null);
        if (error != 0)
            throw new InvalidOperationException($"libtorch found no gradient for filters ({string.Join(", ", weight.shape)}) of a convolution of ({string.Join(", ", input.shape)}).");
        return (torch.Tensor.UnsafeCreateTensor(weightGradient), hasBias ? torch.Tensor.UnsafeCreateTensor(biasGradient) : null);
    }

    private static ConvolutionWeights Shape(torch.Tensor weight, TrainedConvolutionRequest request) =>
        new((int)weight.shape[0], (int)weight.shape[1], (int)weight.shape[2], request.Stride, request.Padding, [], [], Relu: false);

    private sealed record Request(TrainedConvolutionRequest Settings, bool HasBias, bool HasAddend);
}

/// <summary>What a convolution in training does.</summary>
/// <param name="Stride">Stride in both directions.</param>
/// <param name="Padding">Zeros around the input.</param>
/// <param name="Relu">Whether negative results become 0.</param>
/// <param name="Plan">The precision of activations.</param>
internal sealed record TrainedConvolutionRequest(int Stride, int Padding, bool Relu, ExecutionPlan Plan);
