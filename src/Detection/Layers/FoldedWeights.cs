using MaskRcnn.Detection.Kernels;
using TorchSharp;

namespace MaskRcnn.Detection.Layers;

/// <summary>Weights of prepared layers, as our kernels take them.</summary>
internal static class FoldedWeights
{
    /// <summary>A convolution's weights with a norm folded in: w · s, and b · s + shift.</summary>
    public static ConvolutionWeights Of(Convolution convolution, (double[] Scale, double[] Shift)? norm, bool relu)
    {
        long[] shape = convolution.Weight.shape;
        (int outputs, int inputs, int kernel) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        float[] values = Values(convolution.Weight), bias = convolution.Bias is null ? new float[outputs] : Values(convolution.Bias);
        if (norm is { } affine)
        {
            int size = values.Length / outputs;
            for (int o = 0; o < outputs; o++)
            {
                for (int i = o * size; i < (o + 1) * size; i++)
                    values[i] = (float)(values[i] * affine.Scale[o]);
                bias[o] = (float)(bias[o] * affine.Scale[o] + affine.Shift[o]);
            }
        }

        return new ConvolutionWeights(outputs, inputs, kernel, convolution.Stride, convolution.Padding, values, bias, relu);
    }

    /// <summary>A fully connected layer as the convolution that covers its whole input (N, C, side, side).</summary>
    public static ConvolutionWeights Of(FullyConnected layer, int side, bool relu)
    {
        (int outputs, int inputs) = ((int)layer.Weight.shape[0], (int)layer.Weight.shape[1]);
        return new ConvolutionWeights(outputs, inputs / (side * side), side, 1, 0, Values(layer.Weight), Values(layer.Bias), relu);
    }

    /// <summary>A tensor's values in single precision.</summary>
    public static float[] Values(torch.Tensor tensor)
    {
        using torch.Tensor detached = tensor.detach();
        using torch.Tensor values = detached.to(torch.float32, torch.CPU);
        using torch.Tensor contiguous = values.contiguous();
        // TorchSharp cannot copy an empty tensor.
        return contiguous.numel() == 0 ? [] : contiguous.data<float>().ToArray();
    }
}
