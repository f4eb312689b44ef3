using MaskRcnn.Detection.Inference;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Workers;

/// <summary>Makes a job's model ready on a device. Tests and benchmarks bring their own.</summary>
public interface IModelLoader
{
    /// <summary>What tells apart models that must not be mixed: jobs of one key share a loaded model.</summary>
    string KeyOf(JobDocument job);

    /// <summary>Loads it; on the calling thread, and it may take minutes.</summary>
    /// <param name="job">The job.</param>
    /// <param name="device">The worker's device: <c>cpu</c>, <c>cuda:0</c>.</param>
    IImageModel Load(JobContext job, string device);
}
