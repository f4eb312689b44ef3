namespace MaskRcnn.Detection.Weights.Layout;

/// <summary>A tensor of another shape or type than the model's.</summary>
/// <param name="Found">The file's.</param>
/// <param name="Expected">The model's.</param>
public sealed record TensorMisfit(StoredTensor Found, ExpectedTensor Expected)
{
    /// <inheritdoc/>
    public override string ToString() => Found.Shape.SequenceEqual(Expected.Shape)
        ? $"{Expected.Name} is {Found.Type}, expected {Expected.Type}"
        : $"{Expected.Name} is {TensorTypes.ShapeText(Found.Shape)}, expected {TensorTypes.ShapeText(Expected.Shape)}";
}
