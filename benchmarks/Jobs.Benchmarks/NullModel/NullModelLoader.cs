using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Jobs.Benchmarks.NullModel;

/// <summary>A model that does nothing: what is left is the work around it.</summary>
internal sealed class NullModelLoader : IModelLoader, IImageModel
{
    public bool NeedsPixels => false;

    public string KeyOf(JobDocument job) => "null";

    public IImageModel Load(JobContext job, string device) => this;

    public (int Height, int Width) PaddedSizeOf(int height, int width) => throw new NotSupportedException();

    public IReadOnlyList<UnencodedDetections> Infer(IReadOnlyList<RgbImage> images, CancellationToken cancellation) => throw new NotSupportedException();
}
