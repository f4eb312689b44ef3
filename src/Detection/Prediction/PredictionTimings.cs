namespace MaskRcnn.Detection.Prediction;

/// <summary>How long an image took, without the time that it waited between the stages.</summary>
/// <param name="Read">Reading the encoded image.</param>
/// <param name="Decode">Decoding it.</param>
/// <param name="Infer">The model, on the image's whole batch; all tries together.</param>
/// <param name="Encode">Pasting masks and encoding them; without what the caller makes of it.</param>
public readonly record struct PredictionTimings(TimeSpan Read, TimeSpan Decode, TimeSpan Infer, TimeSpan Encode)
{
    /// <summary>When it was read, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> has it; 0: it was not.</summary>
    public long ReadEnd { get; init; }

    /// <summary>When it was decoded; 0: it was not.</summary>
    public long DecodeEnd { get; init; }

    /// <summary>When the model had done with it; 0: it did not get there.</summary>
    public long InferEnd { get; init; }
}
