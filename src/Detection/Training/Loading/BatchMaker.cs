using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Training.Augmentation;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Transform;

namespace MaskRcnn.Detection.Training.Loading;

/// <summary>Makes the batch of any step: reads, augments, resizes. May be used by many threads.</summary>
internal sealed class BatchMaker
{
    /// <summary>Parts of the seed list that keep the draws of one image apart; the augmentation's must not change when another is added.</summary>
    private const long AugmentationDraws = 1, SizeDraws = 2;

    private readonly TrainingDataset _dataset;
    private readonly TransformConfiguration _configuration;
    private readonly AugmentationChain _augmentation;
    private readonly ImageTransform _transform;
    private readonly EpochOrder _order;
    private readonly long _seed;

    public BatchMaker(TrainingDataset dataset, TrainingLoaderOptions options)
    {
        _dataset = dataset;
        _seed = options.Seed;
        _configuration = options.Transform;
        _transform = new ImageTransform(options.Transform);
        _augmentation = new AugmentationChain(options.Augmentation, options.Transform.Mean, dataset);
        bool grouped = options.GroupByAspectRatio && options.Augmentation.Crop == 0;
        _order = new EpochOrder(grouped ? AspectRatioGroups.Of(dataset.Images) : new int[dataset.Images.Count], options.BatchSize, options.Seed);
    }

    /// <summary>Makes a step's batch.</summary>
    /// <param name="step">The step.</param>
    /// <param name="isStopped">Looked at before each image.</param>
    /// <returns>The batch; null when stopped.</returns>
    /// <exception cref="TrainingLoadException">An image failed.</exception>
    public TrainingBatch? Make(long step, Func<bool> isStopped)
    {
        IReadOnlyList<EpochItem> items = _order.Batch(step);
        TrainingSample[] samples = new TrainingSample[items.Count];
        (int Height, int Width)[] sizes = new (int, int)[items.Count];
        for (int i = 0; i < samples.Length; i++)
        {
            if (isStopped()) return null;
            TrainingImage image = _dataset.Images[items[i].Index];
            try
            {
                samples[i] = _augmentation.Apply(_dataset.Read(items[i].Index), TrainingRandom.Of(_seed, items[i].Epoch, image.Id, AugmentationDraws));
            }
            catch (Exception exception)
            {
                throw new TrainingLoadException(step, image.Id, image.FileName, exception);
            }
            int minSize = _configuration.MinSizes[TrainingRandom.Of(_seed, items[i].Epoch, image.Id, SizeDraws).Next(_configuration.MinSizes.Count)];
            sizes[i] = ResizedSize.Of(samples[i].Image.Height, samples[i].Image.Width, minSize, _configuration.MaxSize, _configuration.ResizeRule);
        }
        return isStopped() ? null : new TrainingBatch(step, _transform.ToBatch([.. samples.Select(s => s.Image)], sizes, onThisThread: true), samples);
    }
}
