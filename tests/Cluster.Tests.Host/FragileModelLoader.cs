using MaskRcnn.Detection.Inference;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Cluster.Tests.Host;

/// <summary>Loads a job's model as the product does, but wraps it.</summary>
internal sealed class FragileModelLoader(WorkerOptions options) : IModelLoader
{
    public string KeyOf(JobDocument job) => job.Model.Sha256;

    public IImageModel Load(JobContext job, string device) => new FragileModel(options.Cache);
}
