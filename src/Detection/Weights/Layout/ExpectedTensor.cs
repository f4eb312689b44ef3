namespace MaskRcnn.Detection.Weights.Layout;

/// <summary>A tensor that a model has.</summary>
/// <param name="Name">Its key in the state dict.</param>
/// <param name="Shape">Its sizes; none for a scalar.</param>
/// <param name="Type">Its numbers; any floating point type will do where this is one.</param>
/// <param name="IsParameter">A parameter, rather than a buffer such as a running mean.</param>
public sealed record ExpectedTensor(string Name, IReadOnlyList<long> Shape, TensorType Type = TensorType.F32, bool IsParameter = true)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} {TensorTypes.ShapeText(Shape)}";
}
