using System.Collections.Concurrent;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>The tiny model, which counts how often it was given an image: each has another width.</summary>
internal sealed class CountingModelLoader(SharedBlobs blobs) : IModelLoader
{
    private readonly ConcurrentQueue<int> _widths = [];

    /// <summary>Widths of the images that were given, since it was asked last.</summary>
    public IReadOnlyList<int> Take()
    {
        List<int> widths = [];
        while (_widths.TryDequeue(out int width)) widths.Add(width);
        return [.. widths.Order()];
    }

    public string KeyOf(JobDocument job) => job.Model.Sha256;

    public IImageModel Load(JobContext job, string device)
    {
        using ModelFile file = ModelFile.Read(blobs.Model);
        return new Counting(Detector.Load(file.Configuration with { PostProcessing = file.Configuration.PostProcessing with { ScoreThreshold = .02 } }, file.Weights, blobs.Model, new ExecutionPlan(ComputeDevice.Parse(device), Precision.Fp32)), _widths);
    }

    private sealed class Counting(IImageModel model, ConcurrentQueue<int> widths) : IImageModel, IDisposable
    {
        public bool NeedsPixels => true;

        public (int Height, int Width) PaddedSizeOf(int height, int width) => model.PaddedSizeOf(height, width);

        public IReadOnlyList<UnencodedDetections> Infer(IReadOnlyList<RgbImage> images, CancellationToken cancellation)
        {
            foreach (RgbImage image in images) widths.Enqueue(image.Width);
            return model.Infer(images, cancellation);
        }

        public void Dispose() => (model as IDisposable)?.Dispose();
    }
}
