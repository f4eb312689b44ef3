using MaskRcnn.Detection.Inference;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Chaos.Host;

/// <summary>Loads a job's model as the product does, and wraps it.</summary>
internal sealed class ObservedModelLoader(ModelFiles files, WorkerOptions options) : IModelLoader
{
    private readonly DetectorLoader _product = new(files, options);

    public string KeyOf(JobDocument job) => _product.KeyOf(job);

    public IImageModel Load(JobContext job, string device) => new ObservedModel(_product.Load(job, device));
}
