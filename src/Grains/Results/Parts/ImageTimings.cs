namespace MaskRcnn.Grains.Results.Parts;

/// <summary>How long an image's stages took, in milliseconds. Not part of what is compared between runs.</summary>
/// <param name="ReadMs">Reading it from its store.</param>
/// <param name="DecodeMs">Making pixels of it.</param>
/// <param name="InferMs">Its share of its batch in the model.</param>
public readonly record struct ImageTimings(double ReadMs, double DecodeMs, double InferMs)
{
    /// <summary>Making an <see cref="EncodedImage"/> of it; measured by <see cref="ImageEncoder"/>.</summary>
    public double EncodeMs { get; init; }
}
