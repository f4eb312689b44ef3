using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Prediction;

/// <summary>How a pipeline works.</summary>
public sealed record PredictionOptions
{
    /// <summary>Most images given to the model at once, at least 1. On a CPU 1 is fastest.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Threads that decode, at least 1.</summary>
    public int Decoders { get; init; } = 2;

    /// <summary>How images are decoded.</summary>
    public ImageDecodeOptions Decoding { get; init; } = new();
}
