using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Transform;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;
using TorchSharp;

namespace MaskRcnn.Detection.Inference;

/// <summary>
/// A model ready for inference. It may be used from several threads; each call computes with all of
/// <see cref="Kernels.KernelThreads.Count"/> threads.
/// </summary>
public sealed class Detector : IImageModel, IDisposable
{
    private readonly MaskRcnnNetwork _network;
    private readonly DetectionEncoder _encoder;

    /// <summary>Takes a network with its weights and prepares it.</summary>
    internal Detector(MaskRcnnNetwork network, ExecutionPlan plan)
    {
        _network = network;
        network.Prepare(plan);
        Transform = new ImageTransform(network.Configuration.Transform);
        _encoder = new DetectionEncoder(network.Configuration);
    }

    /// <summary>Makes a detector of a model.</summary>
    /// <param name="configuration">The model but for its weights.</param>
    /// <param name="weights">Its weights; not needed afterwards.</param>
    /// <param name="path">Where the weights come from, for messages.</param>
    /// <param name="plan">Where and how it computes.</param>
    /// <exception cref="StateDictMismatchException">The weights are not those of the configuration; the message names each difference.</exception>
    /// <exception cref="TorchLibraryException">libtorch cannot be loaded.</exception>
    public static Detector Load(ModelConfiguration configuration, StateDict weights, string path, ExecutionPlan plan)
    {
        MaskRcnnNetwork network = new(configuration);
        try
        {
            NetworkLoader.Load(network, weights, path);
            network.eval();
            return new Detector(network, plan);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>What the model is.</summary>
    public ModelConfiguration Configuration => _network.Configuration;

    /// <summary>The input transform; its padded sizes say which images may share a batch.</summary>
    public ImageTransform Transform { get; }

    /// <summary>Finds objects in images.</summary>
    /// <param name="images">The images; those of a batch are padded to the same size.</param>
    /// <param name="clock">Measures the stages, or null.</param>
    /// <param name="cancellation">Looked at between stages.</param>
    /// <returns>One entry an image.</returns>
    public IReadOnlyList<ImageDetections> Detect(IReadOnlyList<RgbImage> images, StageClock? clock = null, CancellationToken cancellation = default)
    {
        IReadOnlyList<UnencodedDetections> found = Infer(images, clock, cancellation);
        return clock is null ? [.. found.Select(f => f.Encode())] : clock.Measure("paste and encode", () => (IReadOnlyList<ImageDetections>)[.. found.Select(f => f.Encode())]);
    }

    /// <summary>The part of <see cref="Detect"/> that needs the model; what is left, pasting and encoding masks, may be done by other threads.</summary>
    public IReadOnlyList<UnencodedDetections> Infer(IReadOnlyList<RgbImage> images, StageClock? clock = null, CancellationToken cancellation = default)
    {
        using var noGradient = torch.no_grad();
        using ImageBatch batch = clock is null ? ToBatch(images) : clock.Measure("transform", () => ToBatch(images, finish: true));
        NetworkOutput output = _network.Infer(batch, clock, cancellation);
        UnencodedDetections[] found = new UnencodedDetections[images.Count];
        for (int i = 0; i < found.Length; i++)
            found[i] = new UnencodedDetections(_encoder, output, i, batch.OriginalSizes[i], batch.Sizes[i]);
        return found;
    }

    /// <inheritdoc/>
    bool IImageModel.NeedsPixels => true;

    /// <inheritdoc/>
    (int Height, int Width) IImageModel.PaddedSizeOf(int height, int width) => Transform.PaddedSizeOf(height, width);

    /// <inheritdoc/>
    IReadOnlyList<UnencodedDetections> IImageModel.Infer(IReadOnlyList<RgbImage> images, CancellationToken cancellation) => Infer(images, clock: null, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private ImageBatch ToBatch(IReadOnlyList<RgbImage> images, bool finish = false)
    {
        ImageBatch batch = _network.Operators.ToBatch(images);
        if (finish)
            _network.Operators.Finish();
        return batch;
    }
}
