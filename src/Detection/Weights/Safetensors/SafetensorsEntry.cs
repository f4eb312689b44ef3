namespace MaskRcnn.Detection.Weights.Safetensors;

/// <summary>What the header says of a tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its numbers' type.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Begin">Its first byte, counted from the header's end.</param>
/// <param name="End">The byte after its last.</param>
internal sealed record SafetensorsEntry(string Name, TensorType Type, long[] Shape, long Begin, long End);
