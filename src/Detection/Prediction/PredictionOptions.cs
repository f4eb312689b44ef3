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

    /// <summary>Threads that read and decode, at least 1.</summary>
    public int Decoders { get; init; } = 2;

    /// <summary>Threads that encode results and run the caller's function, at least 1.</summary>
    public int Finishers { get; init; } = 2;

    /// <summary>
    /// Images read ahead beyond those that the stages are at work on, at least 1: what bridges a pause of the inputs. Each
    /// takes the memory of its pixels.
    /// </summary>
    public int ReadAhead { get; init; } = 2;

    /// <summary>How images are decoded.</summary>
    public ImageDecodeOptions Decoding { get; init; } = new();

    /// <summary>
    /// Told the new size when a batch did not fit in memory and the largest one was halved. Called on a thread of the pipeline,
    /// possibly on two at a time.
    /// </summary>
    public Action<int>? BatchHalved { get; init; }

    /// <summary>Images in flight at most, from reading to delivery; one more is being delivered.</summary>
    public int Window => ((Inferences + 1) * BatchSize) + Decoders + ReadAhead;
}
