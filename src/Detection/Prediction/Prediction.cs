using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Prediction;

/// <summary>What became of an input: detections, or the reason why there are none.</summary>
/// <param name="Index">The input's index.</param>
/// <param name="Image">The decoded image, or null when it could not be decoded or the model needs no pixels.</param>
/// <param name="Warnings">What the decoder remarked.</param>
/// <param name="Detections">What was found, or null.</param>
/// <param name="Error">Why there are no detections, or null.</param>
public sealed record Prediction(int Index, RgbImage? Image, IReadOnlyList<string> Warnings, ImageDetections? Detections, Exception? Error)
{
    /// <summary>The input's tag.</summary>
    public object? Tag { get; init; }

    /// <summary>How long the stages took; zero for those that the image did not reach.</summary>
    public PredictionTimings Timings { get; init; }
}
