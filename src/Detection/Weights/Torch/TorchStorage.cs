using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Weights.Torch;

/// <summary>The numbers that tensors of a PyTorch file view; several may share them.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">The numbers' type.</param>
/// <param name="Count">How many numbers the pickle claims.</param>
internal sealed record TorchStorage(string Key, TensorType Type, long Count)
{
    /// <summary>The bytes; null until they are found in the file.</summary>
    public ByteSource? Bytes { get; set; }
}
