using TorchSharp;

namespace MaskRcnn.Detection.Training.Losses;

/// <summary>The loss functions that several branches share.</summary>
internal static class LossFunctions
{
    /// <summary>Where smooth L1 turns from a square into a line: 1/9, as in torchvision.</summary>
    private const double Beta = 1.0 / 9;

    /// <summary>The sum of smooth L1 (Fast R-CNN, equation 3) over all elements, in single precision, over a count.</summary>
    public static torch.Tensor SmoothL1(torch.Tensor prediction, torch.Tensor target, long count)
    {
        using torch.Tensor single = prediction.to(torch.float32);
        using torch.Tensor sum = torch.nn.functional.smooth_l1_loss(single, target, torch.nn.Reduction.Sum, Beta);
        return sum / count;
    }

    /// <summary>The mean binary cross-entropy of logits, in single precision.</summary>
    public static torch.Tensor BinaryCrossEntropy(torch.Tensor logits, torch.Tensor target)
    {
        using torch.Tensor single = logits.to(torch.float32);
        return torch.nn.functional.binary_cross_entropy_with_logits(single, target);
    }

    /// <summary>The mean cross-entropy of logits (K, classes) with K labels, in single precision.</summary>
    public static torch.Tensor CrossEntropy(torch.Tensor logits, torch.Tensor labels)
    {
        using torch.Tensor single = logits.to(torch.float32);
        return torch.nn.functional.cross_entropy(single, labels);
    }

    /// <summary>A loss of 0 that depends on a tensor, so that its parameters get gradients of 0.</summary>
    public static torch.Tensor Nothing(torch.Tensor prediction)
    {
        using torch.Tensor single = prediction.to(torch.float32), sum = single.sum();
        return sum * 0;
    }

    /// <summary>Four numbers a box, as a tensor (K, 4).</summary>
    public static torch.Tensor Deltas(IEnumerable<(float X, float Y, float Width, float Height)> deltas, torch.Device device)
    {
        float[] values = [.. deltas.SelectMany(delta => new[] { delta.X, delta.Y, delta.Width, delta.Height })];
        return TensorOperators.DeviceTransfer.Upload(values, [values.Length / 4, 4], device);
    }
}
