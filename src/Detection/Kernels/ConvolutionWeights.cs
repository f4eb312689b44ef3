namespace MaskRcnn.Detection.Kernels;

/// <summary>A convolution's weights with the norm after it folded in, from which kernels are made.</summary>
/// <param name="Outputs">Output channels, O.</param>
/// <param name="Inputs">Input channels, C.</param>
/// <param name="Kernel">Side of the kernel, K.</param>
/// <param name="Stride">Stride in both directions.</param>
/// <param name="Padding">Zeros around the input.</param>
/// <param name="Values">(O, C, K, K).</param>
/// <param name="Bias">(O).</param>
/// <param name="Relu">Whether negative results become 0.</param>
internal sealed record ConvolutionWeights(int Outputs, int Inputs, int Kernel, int Stride, int Padding, float[] Values, float[] Bias, bool Relu)
{
    /// <summary>Length of the output for a length of the input.</summary>
    public long OutputLength(long input) => (input + 2 * Padding - Kernel) / Stride + 1;

    /// <summary>
    /// The convolution that takes the gradient of the output to that of the input: filters turned by 180°, inputs and
    /// outputs exchanged. For stride 1, and padding that keeps the size.
    /// </summary>
    public ConvolutionWeights Backward()
    {
        if (Stride != 1 || 2 * Padding != Kernel - 1)
            throw new InvalidOperationException($"The gradient of a convolution with stride {Stride}, kernel {Kernel} and padding {Padding} is no such convolution; expected stride 1 and a padding that keeps the size.");
        int area = Kernel * Kernel;
        float[] turned = new float[Values.Length];
        for (int output = 0; output < Outputs; output++)
        {
            for (int input = 0; input < Inputs; input++)
            {
                ReadOnlySpan<float> from = Values.AsSpan((output * Inputs + input) * area, area);
                Span<float> to = turned.AsSpan((input * Outputs + output) * area, area);
                for (int k = 0; k < area; k++)
                    to[area - 1 - k] = from[k];
            }
        }

        return this with { Outputs = Inputs, Inputs = Outputs, Values = turned, Bias = new float[Inputs], Relu = false };
    }
}
