using System.Runtime.InteropServices;

namespace MaskRcnn.Detection.Native;

/// <summary>libtorch's plain C functions, which take the tensors that TorchSharp's handles point to.</summary>
internal static unsafe partial class Aoti
{
    private const string Library = "torch_cpu";

    /// <summary>Address of a tensor's first element; storage offset included. 0 on success.</summary>
    [LibraryImport(Library, EntryPoint = "aoti_torch_get_data_ptr")]
    public static partial int GetDataPointer(IntPtr tensor, out void* data);

    /// <summary>oneDNN's convolution with bias and an activation in one pass. 0 on success.</summary>
    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu_mkldnn__convolution_pointwise")]
    public static partial int ConvolutionPointwise(
        IntPtr input, IntPtr weight, IntPtr* bias,
        long* padding, long paddingLength, long* stride, long strideLength, long* dilation, long dilationLength, long groups,
        byte* activation, double** scalars, long scalarsLength, byte** algorithm, out IntPtr result);

    /// <summary>The same, adding another tensor before the activation. 0 on success.</summary>
    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu_mkldnn__convolution_pointwise_binary")]
    public static partial int ConvolutionPointwiseBinary(
        IntPtr input, IntPtr other, IntPtr weight, IntPtr* bias,
        long* padding, long paddingLength, long* stride, long strideLength, long* dilation, long dilationLength, long groups,
        byte* binary, double** alpha, byte** activation, double** scalars, long scalarsLength, byte** algorithm, out IntPtr result);

    /// <summary>The same, into the memory of the tensor that is added: the result is that tensor. 0 on success.</summary>
    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu_mkldnn__convolution_pointwise_binary_")]
    public static partial int ConvolutionPointwiseInPlace(
        IntPtr other, IntPtr input, IntPtr weight, IntPtr* bias,
        long* padding, long paddingLength, long* stride, long strideLength, long* dilation, long dilationLength, long groups,
        byte* binary, double** alpha, byte** activation, double** scalars, long scalarsLength, byte** algorithm, out IntPtr result);

    /// <summary>
    /// The gradients of a convolution's input, weights and bias, each where the mask (three numbers) is not 0. A result
    /// that is not asked for must have no place. 0 on success.
    /// </summary>
    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu_convolution_backward")]
    public static partial int ConvolutionBackward(
        IntPtr gradient, IntPtr input, IntPtr weight, long** biasSizes, long biasSizesLength,
        long* stride, long strideLength, long* padding, long paddingLength, long* dilation, long dilationLength, int transposed,
        long* outputPadding, long outputPaddingLength, long groups, int* mask, long maskLength, IntPtr* inputGradient, IntPtr* weightGradient, IntPtr* biasGradient);
}
