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
}
