using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Training.Loading;
using MaskRcnn.Detection.Training.Losses;
using MaskRcnn.Detection.Training.Optimization;
using MaskRcnn.Detection.Training.Targets;
using MaskRcnn.Detection.Transform;
using TorchSharp;
using TorchSharp.Modules;

namespace MaskRcnn.Detection.Training;

/// <summary>A network in training: makes steps. What a step does depends on its number, its batches and the state alone.</summary>
internal sealed class Trainer : IDisposable
{
    private const int AnchorStream = 1;
    private const int RegionStream = 2;

    private readonly TrainingConfiguration _configuration;
    private readonly torch.Device _device;
    private readonly LossComputation _losses;
    private readonly LearningRateSchedule _schedule;
    private bool _prepared;

    /// <summary>Takes a network with its first weights, on the device.</summary>
    public Trainer(MaskRcnnNetwork network, TrainingConfiguration configuration, torch.Device device)
    {
        NativeSettings.KeepLargeBlocksApart();
        Network = network;
        _configuration = configuration;
        _device = device;
        TrainedParts.Apply(network, configuration.TrainedBackboneStages, configuration.TrainNorms);
        RoiPoolingConfiguration pooling = network.Configuration.RoiPooling;
        _losses = new LossComputation(network, configuration.Sampling, device.type == DeviceType.CPU ? new RoiPooling(pooling) : new TensorRoiPooling(pooling));
        _schedule = new LearningRateSchedule(configuration.Optimizer, configuration.Steps);
        Optimizer = new MomentumDescent(TrainedParts.Of(network, configuration.Optimizer), configuration.Optimizer.Momentum);
        Average = configuration.Optimizer.AverageDecay > 0 ? new WeightAverage(network, configuration.Optimizer.AverageDecay) : null;
    }

    /// <summary>The network that is trained.</summary>
    public MaskRcnnNetwork Network { get; }

    /// <summary>The optimiser with its momentum.</summary>
    public MomentumDescent Optimizer { get; }

    /// <summary>The average of the weights, or null.</summary>
    public WeightAverage? Average { get; }

    /// <summary>Makes a step.</summary>
    /// <param name="step">Steps that were made before.</param>
    /// <param name="batches">The batches whose gradients are averaged.</param>
    /// <exception cref="NonFiniteLossException">A loss is infinite or not a number; the weights have not changed.</exception>
    public TrainingStep Step(long step, IReadOnlyList<TrainingBatch> batches)
    {
        // Not before: weights may have been restored since the trainer was made.
        if (!_prepared)
            Network.PrepareTraining(new ExecutionPlan(_device, _configuration.Precision));
        _prepared = true;
        Dictionary<string, double> sums = [];
        for (int i = 0; i < batches.Count; i++)
            AddGradients(step, step * batches.Count + i, batches[i], batches.Count, sums);

        double norm = GradientNorm.Clip(Optimizer.Parameters.Select(p => p.Parameter), _configuration.Optimizer.ClipNorm), rate = _schedule.At(step);
        Optimizer.Step(rate);
        Average?.Add(step + 1);
        return new TrainingStep(step + 1, rate, sums.Values.Sum(), sums, norm, batches.Sum(batch => batch.Samples.Count));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        Average?.Dispose();
    }

    private void AddGradients(long step, long batchNumber, TrainingBatch batch, int batches, Dictionary<string, double> sums)
    {
        using var scope = torch.NewDisposeScope();
        ImageBatch images = _device.type == DeviceType.CPU ? batch.Batch : batch.Batch with { Pixels = batch.Batch.Pixels.to(_device) };
        ImageTargets[] targets = ImageTargets.Of(batch.Samples, images);
        NetworkLosses losses;
        using (_configuration.Precision == Precision.Bf16 ? Autocast.InBFloat16(_device) : null)
            losses = _losses.Of(images, targets, Sampler(AnchorStream, _configuration.Sampling.RpnBatchSize, _configuration.Sampling.RpnPositiveFraction), Sampler(RegionStream, _configuration.Sampling.BatchSize, _configuration.Sampling.PositiveFraction));
        Dictionary<string, double> values = losses.Named().ToDictionary(loss => loss.Name, loss => (double)loss.Loss.item<float>());
        if (values.Values.Any(value => !double.IsFinite(value)))
        {
            foreach ((string _, Parameter parameter) in Optimizer.Parameters)
                parameter.grad = null;
            throw new NonFiniteLossException(step + 1, [.. batch.Samples.Select(sample => sample.ImageId)], values);
        }

        (losses.Total() / batches).backward();
        foreach ((string name, double value) in values)
            sums[name] = sums.GetValueOrDefault(name) + value / batches;

        BalancedSampler Sampler(int stream, int size, double fraction) =>
            new(size, fraction, image => TrainingRandom.Of(_configuration.Seed, stream, batchNumber, image));
    }
}
