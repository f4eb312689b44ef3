using MaskRcnn.Detection.Prediction;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>How long an image's stages took, in milliseconds. Not part of what is compared between runs.</summary>
/// <param name="ReadMs">Reading it from its store.</param>
/// <param name="DecodeMs">Making pixels of it.</param>
/// <param name="InferMs">Its share of its batch in the model.</param>
public readonly record struct ImageTimings(double ReadMs, double DecodeMs, double InferMs)
{
    /// <summary>Pasting and encoding masks, and then all that <see cref="ImageEncoder"/> does, which adds its time.</summary>
    public double EncodeMs { get; init; }

    /// <summary>What the pipeline measured.</summary>
    /// <param name="timings">The pipeline's.</param>
    public static ImageTimings Of(PredictionTimings timings) =>
        new(timings.Read.TotalMilliseconds, timings.Decode.TotalMilliseconds, timings.Infer.TotalMilliseconds) { EncodeMs = timings.Encode.TotalMilliseconds };
}
