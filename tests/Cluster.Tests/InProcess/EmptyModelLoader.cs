using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>A model that finds nothing, at once: what is tested is the work around it.</summary>
internal sealed class EmptyModelLoader : IModelLoader, IImageModel
{
    public bool NeedsPixels => false;

    public string KeyOf(JobDocument job) => job.Model.Sha256;

    public IImageModel Load(JobContext job, string device) => this;

    public (int Height, int Width) PaddedSizeOf(int height, int width) => (height, width);

    public IReadOnlyList<UnencodedDetections> Infer(IReadOnlyList<RgbImage> images, CancellationToken cancellation) => throw new NotSupportedException();
}
