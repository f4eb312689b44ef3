namespace MaskRcnn.Detection.Prediction;

/// <summary>How long an image took, without the time that it waited between the stages.</summary>
/// <param name="Read">Reading the encoded image.</param>
/// <param name="Decode">Decoding it.</param>
/// <param name="Infer">The model, on the image's whole batch; all tries together.</param>
/// <param name="Encode">Pasting masks and encoding them; without what the caller makes of it.</param>
public readonly record struct PredictionTimings(TimeSpan Read, TimeSpan Decode, TimeSpan Infer, TimeSpan Encode);
