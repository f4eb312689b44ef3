using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Prediction;

/// <summary>How a pipeline works.</summary>
public sealed record PredictionOptions
{
    /// <summary>Most images given to the model at once, at least 1. On a CPU 1 is fastest.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>
    /// Batches in the model at a time, at least 1. With 2, one uses the cores while the other runs a stage that cannot use
    /// them all; activations take twice the memory. Results do not depend on it.
    /// </summary>
    public int Inferences { get; init; } = 2;

    /// <summary>Threads that decode, at least 1.</summary>
    public int Decoders { get; init; } = 2;

    /// <summary>How images are decoded.</summary>
    public ImageDecodeOptions Decoding { get; init; } = new();
}
