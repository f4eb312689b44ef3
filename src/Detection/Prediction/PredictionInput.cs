namespace MaskRcnn.Detection.Prediction;

/// <summary>An image to predict on, not read yet.</summary>
/// <param name="Name">How errors name it.</param>
/// <param name="Read">Reads the encoded image; called once, on one of the pipeline's threads.</param>
public sealed record PredictionInput(string Name, Func<byte[]> Read);
