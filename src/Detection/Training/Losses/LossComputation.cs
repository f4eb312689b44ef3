using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.Rpn;
using MaskRcnn.Detection.Training.Targets;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Training.Losses;

/// <summary>The network's losses for a batch: the whole forward pass of training.</summary>
internal sealed class LossComputation
{
    private readonly MaskRcnnNetwork _network;
    private readonly SamplingConfiguration _sampling;
    private readonly ProposalSelector _selector;
    private readonly RpnLoss _rpn;
    private readonly RegionLosses _regions;

    /// <summary>Prepares the computation.</summary>
    /// <param name="network">The network, not prepared for inference.</param>
    /// <param name="sampling">What the losses look at.</param>
    /// <param name="pooling">RoIAlign: our kernels on the CPU, tensor operators on a device.</param>
    public LossComputation(MaskRcnnNetwork network, SamplingConfiguration sampling, IRegionPooling pooling)
    {
        ModelConfiguration configuration = network.Configuration;
        _network = network;
        _sampling = sampling;
        RpnConfiguration rpn = configuration.Rpn with { PreNmsTopN = sampling.RpnPreNmsTopN, PostNmsTopN = sampling.RpnPostNmsTopN };
        _selector = new ProposalSelector(rpn);
        _rpn = new RpnLoss(rpn, sampling);
        _regions = new RegionLosses(network.Heads, pooling, configuration);
    }

    /// <summary>Computes the losses.</summary>
    /// <param name="batch">The images, on the network's device.</param>
    /// <param name="targets">Their objects.</param>
    /// <param name="anchors">Chooses the RPN's anchors.</param>
    /// <param name="regions">Chooses the second stage's regions.</param>
    public NetworkLosses Of(ImageBatch batch, IReadOnlyList<ImageTargets> targets, IRegionSampler anchors, IRegionSampler regions)
    {
        using var scope = torch.NewDisposeScope();
        IReadOnlyList<torch.Tensor> pyramid = _network.Fpn.forward(_network.Body.forward(batch.Pixels));
        var predictions = _network.Rpn.Predict(pyramid);
        var (objectness, rpnBox) = _rpn.Of(predictions, batch, targets, anchors);
        IReadOnlyList<(Box[] Boxes, float[] Scores)> proposals;
        using (torch.no_grad())
            proposals = RegionProposalNetwork.Select(_selector, predictions, batch);
        SampledRegions[] sampled = [.. targets.Select((image, i) => SampledRegions.Of(i, image, proposals[i].Boxes, _sampling, regions))];
        var (classifier, box) = _regions.Boxes(pyramid, sampled);
        return new NetworkLosses
        {
            Classifier = classifier.MoveToOuterDisposeScope(),
            Box = box.MoveToOuterDisposeScope(),
            Objectness = objectness.MoveToOuterDisposeScope(),
            RpnBox = rpnBox.MoveToOuterDisposeScope(),
            Mask = _network.Heads.Masks is null ? null : _regions.Masks(pyramid, sampled).MoveToOuterDisposeScope(),
            Keypoint = _network.Heads.Keypoints is null ? null : _regions.Keypoints(pyramid, sampled).MoveToOuterDisposeScope(),
        };
    }
}
