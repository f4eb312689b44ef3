using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.TensorOperators;

/// <summary>The operators of a GPU, computed on the CPU.</summary>
internal static class TensorPlan
{
    public static ExecutionPlan Of(Precision precision, bool tensorOperators = true)
    {
        TorchLibrary.EnsureLoaded();
        return new ExecutionPlan(torch.CPU, precision) { TensorOperators = tensorOperators };
    }
}
