namespace MaskRcnn.Detection.Prediction;

/// <summary>An image that a stage is at work on now.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Tag">The input's tag.</param>
/// <param name="Age">Since when: decoding, this try of the model, or encoding, whichever it is in.</param>
public readonly record struct InFlightImage(string Name, object? Tag, TimeSpan Age);
