using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>A convolution by libtorch: oneDNN's fused one on the CPU, cuDNN's on a GPU.</summary>
internal sealed unsafe class TorchConvolution : IConvolutionKernel
{
    private readonly ConvolutionWeights _shape;
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor _bias;
    private readonly torch.ScalarType _input;
    private readonly torch.ScalarType _output;
    private readonly bool _fused;

    /// <summary>Copies the weights to the device.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="plan">Device and precision.</param>
    /// <param name="output">Type of the result; the plan's when null.</param>
    public TorchConvolution(ConvolutionWeights weights, ExecutionPlan plan, torch.ScalarType? output = null)
    {
        _shape = weights with { Values = [], Bias = [] };
        _output = output ?? plan.Type;
        // A last layer is computed in single precision too.
        _input = output is null ? plan.Type : _output;
        _fused = !plan.TensorOperators;
        using torch.Tensor values = torch.tensor(weights.Values, weights.Outputs, weights.Inputs, weights.Kernel, weights.Kernel);
        using torch.Tensor converted = values.to(_input, plan.Device);
        _weight = ChannelsLast.Of(converted).DetachFromDisposeScope();
        using torch.Tensor bias = torch.tensor(weights.Bias);
        _bias = bias.to(_input, plan.Device).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public torch.Tensor Run(torch.Tensor input, torch.Tensor? addend = null, bool reuseAddend = false)
    {
        using torch.Tensor source = input.dtype == _input ? input.alias() : input.to(_input);
        if (_fused && (_input == torch.ScalarType.Float32 || _input == torch.ScalarType.BFloat16))
            return RunFused(source, addend, reuseAddend && addend is not null && addend.dtype == _input && ChannelsLast.Is(addend));
        torch.Tensor result = torch.nn.functional.conv2d(source, _weight, _bias, strides: [_shape.Stride, _shape.Stride], padding: [_shape.Padding, _shape.Padding]);
        if (addend is not null)
            result.add_(addend);
        return _shape.Relu ? result.relu_() : result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }

    private torch.Tensor RunFused(torch.Tensor input, torch.Tensor? addend, bool inPlace)
    {
        long* stride = stackalloc long[2] { _shape.Stride, _shape.Stride }, padding = stackalloc long[2] { _shape.Padding, _shape.Padding }, dilation = stackalloc long[2] { 1, 1 };
        IntPtr bias = _bias.Handle, result;
        byte zero = 0;
        byte* noAlgorithm = &zero;
        int error;
        fixed (byte* none = "none\0"u8, relu = "relu\0"u8, add = "add\0"u8)
        {
            byte* activation = _shape.Relu ? relu : none;
            error = inPlace
                ? Aoti.ConvolutionPointwiseInPlace(addend!.Handle, input.Handle, _weight.Handle, &bias, padding, 2, stride, 2, dilation, 2, 1, add, null, _shape.Relu ? &activation : null, null, 0, &noAlgorithm, out result)
                : addend is null
                ? Aoti.ConvolutionPointwise(input.Handle, _weight.Handle, &bias, padding, 2, stride, 2, dilation, 2, 1, activation, null, 0, &noAlgorithm, out result)
                : Aoti.ConvolutionPointwiseBinary(input.Handle, addend.Handle, _weight.Handle, &bias, padding, 2, stride, 2, dilation, 2, 1, add, null, _shape.Relu ? &activation : null, null, 0, &noAlgorithm, out result);
        }

        if (error != 0)
            throw new InvalidOperationException($"libtorch could not convolve ({string.Join(", ", input.shape)}) with {_shape.Outputs} filters of {_shape.Kernel}×{_shape.Kernel}×{_shape.Inputs}.");
        return torch.Tensor.UnsafeCreateTensor(result);
    }
}
