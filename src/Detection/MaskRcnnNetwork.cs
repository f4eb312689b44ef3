using MaskRcnn.Detection.Backbone;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.Rpn;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection;

/// <summary>
/// Mask R-CNN (He et al. 2017) with a feature pyramid: ResNet → FPN → RPN → RoIAlign → box branch → mask branch, and
/// the keypoint branch beside it. Parameters have torchvision's names.
/// </summary>
internal sealed class MaskRcnnNetwork : torch.nn.Module
{
    /// <summary>Makes the network of a configuration; the values of its weights are undefined.</summary>
    public MaskRcnnNetwork(ModelConfiguration configuration)
        : base(NameOnceTorchIsLoaded())
    {
        Configuration = configuration;
        Body = this.Add("backbone.body", new ResNet(configuration.Backbone));
        Fpn = this.Add("backbone.fpn", new FeaturePyramid(configuration.Backbone.StageWidths, configuration.Fpn));
        Rpn = this.Add("rpn", new RegionProposalNetwork(configuration.Fpn.Channels, configuration.Rpn));
        Heads = this.Add("roi_heads", new RegionHeads(configuration));
        Operators = new HostOperators(this, torch.ScalarType.Float32);
    }

    /// <summary>What the network is.</summary>
    public ModelConfiguration Configuration { get; }

    /// <summary>The ResNet.</summary>
    public ResNet Body { get; }

    /// <summary>The feature pyramid.</summary>
    public FeaturePyramid Fpn { get; }

    /// <summary>The region proposal network.</summary>
    public RegionProposalNetwork Rpn { get; }

    /// <summary>The second stage.</summary>
    public RegionHeads Heads { get; }

    /// <summary>The stages around the convolutions, where the plan has them.</summary>
    public IStageOperators Operators { get; private set; }

    /// <summary>What the network finds in a batch; everything is in resized pixels.</summary>
    /// <param name="batch">The images.</param>
    /// <param name="clock">Measures the stages, or null.</param>
    /// <param name="cancellation">Looked at between stages.</param>
    public NetworkOutput Infer(ImageBatch batch, StageClock? clock, CancellationToken cancellation)
    {
        IReadOnlyList<torch.Tensor> stages = [], pyramid = [];
        try
        {
            stages = Timed("backbone", () => Body.forward(batch.Pixels));
            pyramid = Timed("fpn", () => Fpn.forward(stages));
            DisposeAll(stages);
            var predictions = Timed("rpn head", () => Rpn.Predict(pyramid));
            var proposals = Timed("proposals", () => Operators.SelectProposals(predictions, batch));
            DisposeAll(predictions.SelectMany(level => new[] { level.Objectness, level.Deltas }));
            Box[][] regions = [.. proposals.Select(p => p.Boxes)];

            IReadOnlyList<RegionDetections> detections;
            using (torch.Tensor pooled = Timed("box RoIAlign", () => Operators.Pool(pyramid, regions, Configuration.BoxHead.PooledSize)))
            {
                var (logits, deltas) = Timed("box head", () =>
                {
                    using torch.Tensor features = Heads.Boxes.Features(pooled);
                    return Heads.Boxes.Predict(features);
                });
                using (logits)
                using (deltas)
                    detections = Timed("detections", () => Operators.SelectDetections(logits, deltas, regions, batch.Sizes));
            }

            using torch.Tensor? probabilities = Heads.Masks is null ? null : MaskProbabilities(Heads.Masks, pyramid, detections, Timed);
            return new NetworkOutput(
                regions, detections,
                probabilities is null ? null : Timed("paste and encode", () => Operators.Masks(probabilities, detections, batch)),
                Heads.Keypoints is null ? null : Keypoints(Heads.Keypoints, pyramid, detections, Timed));
        }
        finally
        {
            DisposeAll(stages);
            DisposeAll(pyramid);
        }

        T Timed<T>(string stage, Func<T> compute)
        {
            cancellation.ThrowIfCancellationRequested();
            return clock is null ? compute() : clock.Measure(stage, () =>
            {
                T result = compute();
                Operators.Finish();
                return result;
            });
        }
    }

    /// <summary>Prepares every layer for inference. Weights are packed for it, and the parameters no longer used.</summary>
    public void Prepare(ExecutionPlan plan)
    {
        if (plan.Device.type == DeviceType.CUDA)
            CudaSettings.Apply();
            if (plan.Deterministic)
                CudaSettings.MakeDeterministic();
        foreach (ConvolutionBlock block in Body.Blocks.Concat(Fpn.Blocks))
            block.Prepare(plan);
        Rpn.Head.Prepare(plan);
        Heads.Prepare(plan);
        Operators.Dispose();
        Operators = plan.TensorOperators ? new DeviceOperators(Configuration, plan) : new HostOperators(this, plan.Type);
    }

    /// <summary>Prepares the network for training, once it is known what is trained and after its weights are loaded.</summary>
    public void PrepareTraining(ExecutionPlan plan)
    {
        Body.PrepareTraining(plan);
        foreach (ConvolutionBlock block in Fpn.Blocks)
            block.PrepareTraining(plan, frozen: false);
        Rpn.Head.PrepareTraining(plan);
        Heads.Boxes.PrepareTraining(plan);
        Heads.Masks?.PrepareTraining(plan);
        Heads.Keypoints?.PrepareTraining(plan);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (ConvolutionBlock block in Body.Blocks.Concat(Fpn.Blocks))
            block.Dispose();
        Operators.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The base class calls libtorch at once.</summary>
    private static string NameOnceTorchIsLoaded()
    {
        TorchLibrary.EnsureLoaded();
        return nameof(MaskRcnnNetwork);
    }

    private delegate torch.Tensor Timing(string stage, Func<torch.Tensor> compute);

    /// <summary>Mask probabilities of all images' detections, (K, 28, 28).</summary>
    private torch.Tensor MaskProbabilities(MaskHead head, IReadOnlyList<torch.Tensor> pyramid, IReadOnlyList<RegionDetections> detections, Timing timed)
    {
        using torch.Tensor pooled = timed("mask RoIAlign", () => Operators.Pool(pyramid, [.. detections.Select(d => d.Boxes)], Configuration.MaskHead!.PooledSize));
        return timed("mask head", () =>
        {
            using torch.Tensor features = head.Features(pooled);
            return head.Probabilities(features, [.. detections.SelectMany(d => d.Labels)]);
        });
    }

    /// <summary>Heat maps of each image's detections, (K, keypoints · 56 · 56).</summary>
    private float[][] Keypoints(KeypointHead head, IReadOnlyList<torch.Tensor> pyramid, IReadOnlyList<RegionDetections> detections, Timing timed)
    {
        using torch.Tensor pooled = timed("keypoint RoIAlign", () => Operators.Pool(pyramid, [.. detections.Select(d => d.Boxes)], Configuration.KeypointHead!.PooledSize));
        using torch.Tensor maps = timed("keypoint head", () => head.Forward(pooled));
        return HostOperators.Split(maps, detections);
    }

    private static void DisposeAll(IEnumerable<torch.Tensor> tensors)
    {
        foreach (torch.Tensor tensor in tensors)
            tensor.Dispose();
    }
}
