using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Loading;
using MaskRcnn.Detection.Transform;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>Steps of maskrcnn_resnet50_fpn on two made-up images of 800×1088: 512 regions an image, three trained stages.</summary>
internal sealed class TrainingSteps : IDisposable
{
    public const int Height = 800, Width = 1088;

    private const int Objects = 7, Side = 120, Images = 2;

    private readonly MaskRcnnNetwork _network;
    private readonly Trainer _trainer;
    private long _step;

    public TrainingSteps(ModelConfiguration model, StateDict weights, Precision precision)
    {
        _network = new MaskRcnnNetwork(model);
        NetworkLoader.Load(_network, weights, "procedural weights");
        // So small a rate that the losses of all steps are like the first one's.
        _trainer = new Trainer(_network, new TrainingConfiguration { Model = model, Precision = precision, Optimizer = new() { LearningRate = 1e-4, WarmUpSteps = 0, DropsAt = [] } }, torch.CPU);
    }

    /// <summary>The images with their objects, squares.</summary>
    public static IReadOnlyList<TrainingSample> Samples { get; } = [.. Enumerable.Range(1, Images).Select(Sample)];

    public TrainingStep Next()
    {
        using TrainingBatch batch = new(_step, new ImageTransform(_network.Configuration.Transform).ToBatch([.. Samples.Select(sample => sample.Image)]), Samples);
        return _trainer.Step(_step++, [batch]);
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _network.Dispose();
    }

    private static TrainingSample Sample(int seed)
    {
        TorchLibrary.EnsureLoaded();
        Random random = new(seed);
        byte[] pixels = new byte[Height * Width * 3];
        random.NextBytes(pixels);
        List<TrainingInstance> instances = [];
        for (int i = 0; i < Objects; i++)
        {
            InstanceMask mask = InstanceMask.Of(random.Next(Width - Side), random.Next(Height - Side), Side, Side, [.. Enumerable.Repeat((byte)1, Side * Side)])!;
            instances.Add(new TrainingInstance(1, mask.Extents) { Mask = mask });
        }

        return new TrainingSample(seed, new RgbImage(Width, Height, pixels), instances);
    }
}
