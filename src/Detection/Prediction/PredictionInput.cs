namespace MaskRcnn.Detection.Prediction;

/// <summary>An image to predict on, not read yet.</summary>
/// <param name="Name">How errors name it.</param>
/// <param name="Read">
/// Reads the encoded image; called at most once, on one of the pipeline's threads. What it throws becomes the
/// prediction's error, so that the caller finds its own reasons there.
/// </param>
public sealed record PredictionInput(string Name, Func<byte[]> Read)
{
    /// <summary>The caller's own, found again in the <see cref="Prediction"/> and in <see cref="PredictionPipeline.InFlight"/>.</summary>
    public object? Tag { get; init; }

    /// <summary>
    /// Cancelled when nobody wants this image's result any more: what is left of its work is skipped, and its prediction has an
    /// <see cref="OperationCanceledException"/> as its error. Others go on.
    /// </summary>
    public CancellationToken Dropped { get; init; }
}
