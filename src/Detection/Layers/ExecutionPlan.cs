using TorchSharp;

namespace MaskRcnn.Detection.Layers;

/// <summary>Where and how a prepared network computes.</summary>
/// <param name="Device">The device.</param>
/// <param name="Precision">Precision of activations and of the large products.</param>
public sealed record ExecutionPlan(torch.Device Device, Precision Precision)
{
    /// <summary>
    /// Whether libtorch's operators compute the stages between the convolutions too, on the device. Always so off the
    /// CPU; on the CPU, where our kernels are faster, only to test them.
    /// </summary>
    internal bool TensorOperators { get => field || Device.type != DeviceType.CPU; init; }

    /// <summary>Whether a GPU must give the same bits every time. On a CPU it is so in any case.</summary>
    public bool Deterministic { get; init; }

    /// <summary>The type of activations.</summary>
    internal torch.ScalarType Type => Precision == Precision.Bf16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;

    /// <summary>Whether our kernels (AVX-512) run it; libtorch does otherwise.</summary>
    internal bool OwnKernels => !TensorOperators && System.Runtime.Intrinsics.X86.Avx512F.IsSupported;
}

/// <summary>Precision of inference.</summary>
public enum Precision
{
    /// <summary>Single precision: torchvision's answers.</summary>
    Fp32,

    /// <summary>bfloat16 activations and products, sums in single precision: about half the time.</summary>
    Bf16,
}
