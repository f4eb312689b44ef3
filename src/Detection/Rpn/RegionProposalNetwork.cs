using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Rpn;

/// <summary>The region proposal network (Ren et al. 2015): boxes that may hold an object.</summary>
internal sealed class RegionProposalNetwork : torch.nn.Module
{
    private readonly ProposalSelector _selector;

    public RegionProposalNetwork(int channels, RpnConfiguration configuration)
        : base(nameof(RegionProposalNetwork))
    {
        Head = this.Add("head", new RpnHead(channels, configuration));
        _selector = new ProposalSelector(configuration);
    }

    /// <summary>The convolutions.</summary>
    public RpnHead Head { get; }

    /// <summary>The head on every level: objectness (N, A, H, W) and deltas (N, 4·A, H, W).</summary>
    public IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> Predict(IReadOnlyList<torch.Tensor> features) => [.. features.Select(Head.Forward)];

    /// <summary>The proposals of each image, best first, in resized pixels.</summary>
    public IReadOnlyList<(Box[] Boxes, float[] Scores)> Select(IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions, ImageBatch batch) =>
        Select(_selector, predictions, batch);

    /// <summary>The same with another selector: training keeps more proposals.</summary>
    public static IReadOnlyList<(Box[] Boxes, float[] Scores)> Select(ProposalSelector selector, IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions, ImageBatch batch)
    {
        (Box[], float[])[] proposals = new (Box[], float[])[batch.Sizes.Count];
        IReadOnlyList<LevelPredictions>[] images = Split(predictions, proposals.Length);
        KernelThreads.For(proposals.Length, image =>
            proposals[image] = selector.Select(images[image], batch.PaddedHeight, batch.PaddedWidth, batch.Sizes[image].Height, batch.Sizes[image].Width));
        return proposals;
    }

    /// <summary>Each image's predictions in the order y, x, anchor.</summary>
    private static IReadOnlyList<LevelPredictions>[] Split(IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions, int images)
    {
        List<LevelPredictions>[] split = [.. Enumerable.Range(0, images).Select(_ => new List<LevelPredictions>())];
        foreach ((torch.Tensor objectness, torch.Tensor deltas) in predictions)
        {
            (int height, int width) = ((int)objectness.shape[2], (int)objectness.shape[3]);
            float[] logits = LocationMajor(objectness), offsets = LocationMajor(deltas);
            for (int image = 0; image < images; image++)
            {
                int count = logits.Length / images;
                split[image].Add(new LevelPredictions(height, width, logits[(image * count)..((image + 1) * count)], offsets[(image * 4 * count)..((image + 1) * 4 * count)]));
            }
        }

        return split;
    }

    private static float[] LocationMajor(torch.Tensor tensor)
    {
        using torch.Tensor cpu = tensor.to(torch.float32, torch.CPU);
        using torch.Tensor view = cpu.permute(0, 2, 3, 1);
        using torch.Tensor contiguous = view.contiguous();
        return contiguous.data<float>().ToArray();
    }
}
