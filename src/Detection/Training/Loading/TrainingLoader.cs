using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Transform;

namespace MaskRcnn.Detection.Training.Loading;

/// <summary>Makes the batches of a run, step by step. What a step gets is a function of seed and step alone.</summary>
public sealed class TrainingLoader : IDisposable
{
    private readonly TrainingDataset _dataset;
    private readonly TrainingLoaderOptions _options;
    private readonly ImageTransform _transform;
    private long _step;

    /// <summary>Prepares the loading.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="options">How batches are made.</param>
    public TrainingLoader(TrainingDataset dataset, TrainingLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        _dataset = dataset;
        _options = options;
        _transform = new ImageTransform(options.Transform);
        _step = options.FirstStep;
    }

    /// <summary>The next step's batch; the caller disposes it.</summary>
    public TrainingBatch Next(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        int count = _dataset.Images.Count;
        long first = _step * _options.BatchSize;
        TrainingSample[] samples = [.. Enumerable.Range(0, _options.BatchSize).Select(place =>
        {
            (long epoch, long index) = Math.DivRem(first + place, count);
            return _dataset.Read(TrainingRandom.Of(_options.Seed, epoch).Permutation(count)[index]);
        })];
        return new TrainingBatch(_step++, _transform.ToBatch([.. samples.Select(s => s.Image)]), samples);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
