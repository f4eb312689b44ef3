using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Workers;

/// <summary>Loads Mask R-CNN on a device.</summary>
internal sealed class DetectorLoader(ModelFiles files, WorkerOptions options) : IModelLoader
{
    public string KeyOf(JobDocument job)
    {
        JobSpecification specification = job.Specification;
        return FormattableString.Invariant($"{job.Model.Sha256} {specification.Precision} {specification.ScoreThreshold} {specification.Deterministic}");
    }

    public IImageModel Load(JobContext job, string device)
    {
        string path = files.FetchAsync(job, CancellationToken.None).GetAwaiter().GetResult();
        JobSpecification specification = job.Document.Specification;
        using ModelFile file = ModelFile.Read(path);
        var plan = new ExecutionPlan(ComputeDevice.Parse(device), specification.Precision == "bf16" ? Precision.Bf16 : Precision.Fp32) { Deterministic = specification.Deterministic };
        if (options.Threads is { } threads) KernelThreads.Count = threads;
        return Detector.Load(Configure(file.Configuration, specification), file.Weights, job.Document.Model.Uri, plan);
    }

    private static ModelConfiguration Configure(ModelConfiguration model, JobSpecification specification) => specification.ScoreThreshold is { } score
        ? model with { PostProcessing = model.PostProcessing with { ScoreThreshold = score } }
        : model;
}
