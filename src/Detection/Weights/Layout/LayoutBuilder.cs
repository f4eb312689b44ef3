using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Detection.Weights.Layout;

/// <summary>Lists the tensors of layers, in torch's order: a layer's parameters before its buffers.</summary>
internal sealed class LayoutBuilder
{
    private readonly List<ExpectedTensor> _tensors = [];

    public IReadOnlyList<ExpectedTensor> Tensors => _tensors;

    /// <summary>A convolution with a square kernel, (outputs, inputs, kernel, kernel).</summary>
    public void Convolution(string name, long inputs, long outputs, int kernel, bool bias) => Weight(name, [outputs, inputs, kernel, kernel], outputs, bias);

    /// <summary>A transposed convolution with a square kernel, (inputs, outputs, kernel, kernel), with bias.</summary>
    public void Transposed(string name, long inputs, long outputs, int kernel) => Weight(name, [inputs, outputs, kernel, kernel], outputs, bias: true);

    /// <summary>A fully connected layer, (outputs, inputs), with bias.</summary>
    public void Linear(string name, long inputs, long outputs) => Weight(name, [outputs, inputs], outputs, bias: true);

    /// <summary>A convolution as <c>name.0</c> and its norm as <c>name.1</c>; it has a bias when there is no norm.</summary>
    public void ConvolutionAndNorm(string name, long inputs, long outputs, int kernel, NormConfiguration norm)
    {
        Convolution($"{name}.0", inputs, outputs, kernel, norm.Kind == NormKind.None);
        Norm($"{name}.1", outputs, norm);
    }

    /// <summary>A normalisation of so many channels.</summary>
    public void Norm(string name, long channels, NormConfiguration norm)
    {
        if (norm.Kind == NormKind.None) return;
        bool trained = norm.Kind != NormKind.FrozenBatch;
        foreach (string part in (string[])["weight", "bias"]) _tensors.Add(new ExpectedTensor($"{name}.{part}", [channels], IsParameter: trained));
        if (norm.Kind == NormKind.Group) return;
        foreach (string part in (string[])["running_mean", "running_var"]) _tensors.Add(new ExpectedTensor($"{name}.{part}", [channels], IsParameter: false));
        if (norm.Kind == NormKind.Batch) _tensors.Add(new ExpectedTensor($"{name}.num_batches_tracked", [], TensorType.I64, IsParameter: false));
    }

    private void Weight(string name, long[] shape, long outputs, bool bias)
    {
        _tensors.Add(new ExpectedTensor($"{name}.weight", shape));
        if (bias) _tensors.Add(new ExpectedTensor($"{name}.bias", [outputs]));
    }
}
