using System.Runtime.InteropServices;
using System.Text;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Detection.Weights;

/// <summary>
/// Weights made by a formula, for measuring speed without a weight file: activations neither vanish nor saturate, so
/// that proposals, detections and masks are really computed. Each value is centre + bound · u with u in [−1, 1) from
/// SplitMix64, seeded by the tensor's name.
/// </summary>
public static class ProceduralWeights
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>The weights of a model.</summary>
    /// <param name="configuration">The model.</param>
    /// <param name="seed">Other seeds give other weights.</param>
    public static StateDict Create(ModelConfiguration configuration, int seed = 1)
    {
        IReadOnlyList<ExpectedTensor> expected = TorchvisionLayout.Expected(configuration);
        StoredTensor[] tensors = new StoredTensor[expected.Count];
        KernelThreads.For(tensors.Length, i => tensors[i] = Create(expected[i], configuration.Backbone.Block, seed));
        return new StateDict(tensors);
    }

    /// <summary>Values in [−1, 1) that depend on a name, a seed and their index only.</summary>
    public static float[] Unit(string name, int count, int seed)
    {
        ulong state = 0xCBF29CE484222325;
        foreach (byte letter in Encoding.UTF8.GetBytes(name))
            state = (state ^ letter) * 0x100000001B3;
        state += (ulong)seed;
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            ulong z = state += Step;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            values[i] = (z >> 40) * (1f / (1 << 24)) * 2 - 1;
        }

        return values;
    }

    /// <summary>Centre and bound of a tensor's values.</summary>
    internal static (float Centre, float Bound) Rule(ExpectedTensor tensor, ResidualBlock block)
    {
        string name = tensor.Name;
        string lastNorm = block == ResidualBlock.Bottleneck ? ".bn3.weight" : ".bn2.weight";
        if (name.EndsWith(".running_mean", StringComparison.Ordinal))
            return (0, 0.1f);
        if (name.EndsWith(".running_var", StringComparison.Ordinal))
            return (1, 0.5f);
        if (name.EndsWith(".bias", StringComparison.Ordinal))
            return (0, name.Contains("cls_", StringComparison.Ordinal) ? 0.5f : 0.05f);
        // A residual block's last norm is small: the sum of many blocks would otherwise grow.
        if (tensor.Shape.Count == 1)
            return name.EndsWith(lastNorm, StringComparison.Ordinal) ? (0.25f, 0.05f) : (1, 0.2f);
        return (0, (float)(Gain(name) * Math.Sqrt(3.0 / FanIn(tensor))));
    }

    private static double Gain(string name) => name switch
    {
        _ when name.Contains(".fpn.", StringComparison.Ordinal) => 1,
        "rpn.head.cls_logits.weight" => 0.5,
        "rpn.head.bbox_pred.weight" => 0.15,
        "roi_heads.box_predictor.cls_score.weight" => 0.8,
        "roi_heads.box_predictor.bbox_pred.weight" => 0.5,
        "roi_heads.mask_predictor.mask_fcn_logits.weight" => 1.2,
        _ => Math.Sqrt(2),
    };

    /// <summary>Inputs of an output; a transposed convolution with stride 2 meets a quarter of its kernel.</summary>
    private static long FanIn(ExpectedTensor tensor) =>
        tensor.Name.Contains("conv5_mask", StringComparison.Ordinal) || tensor.Name.Contains("kps_score", StringComparison.Ordinal)
            ? tensor.Shape[0] * tensor.Shape[2] * tensor.Shape[3] / 4
            : tensor.Shape.Skip(1).Aggregate(1L, (product, length) => product * length);

    private static StoredTensor Create(ExpectedTensor tensor, ResidualBlock block, int seed)
    {
        if (tensor.Type == TensorType.I64)
            return new StoredTensor(tensor.Name, TensorType.I64, tensor.Shape, new byte[sizeof(long)]);
        float[] values = Unit(tensor.Name, (int)tensor.Shape.Aggregate(1L, (product, length) => product * length), seed);
        (float centre, float bound) = Rule(tensor, block);
        for (int i = 0; i < values.Length; i++)
            values[i] = centre + bound * values[i];
        return new StoredTensor(tensor.Name, TensorType.F32, tensor.Shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }
}
