using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Transform;

namespace MaskRcnn.Detection.Training.Loading;

/// <summary>The images of one step.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Batch">The network's input: the samples' images resized, normalised and padded, on the CPU.</param>
/// <param name="Samples">The samples as augmented: pixels, boxes and masks before the resize.</param>
public sealed record TrainingBatch(long Step, ImageBatch Batch, IReadOnlyList<TrainingSample> Samples) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Batch.Dispose();
}
