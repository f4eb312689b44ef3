using System.Text.Json;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Losses;
using MaskRcnn.Detection.Training.Targets;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Training.Losses;

/// <summary>The small model's training, with torchvision's losses and gradients.</summary>
internal sealed class TinyTraining : IDisposable
{
    private readonly ImageBatch _batch;
    private readonly ImageTargets[] _targets;
    private readonly LossComputation _losses;

    /// <param name="precision">How our kernels compute; null for torch's operators.</param>
    /// <param name="asOnDevice">Whether tensor operators pool, as on a device.</param>
    public TinyTraining(Precision? precision = null, bool asOnDevice = false)
    {
        Network = TinyModel.Load(precision: null);
        // As in the golden data: the stem and the first stage are frozen.
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in Network.named_parameters())
            parameter.requires_grad_(!name.StartsWith("backbone.body.conv1.", StringComparison.Ordinal) && !name.StartsWith("backbone.body.layer1.", StringComparison.Ordinal));
        if (precision is { } p)
            Network.PrepareTraining(new ExecutionPlan(torch.CPU, p));
        TrainingSample[] samples = [Sample(0), Sample(1)];
        _batch = new ImageTransform(TinyModel.Configuration.Transform).ToBatch([.. samples.Select(sample => sample.Image)]);
        _targets = ImageTargets.Of(samples, _batch);
        _losses = new LossComputation(Network, new SamplingConfiguration { RpnPreNmsTopN = 300, RpnPostNmsTopN = 150 }, asOnDevice ? new TensorRoiPooling(Network.Configuration.RoiPooling) : new RoiPooling(Network.Configuration.RoiPooling));
    }

    public GoldenFile Golden { get; } = new("tiny_train");

    public JsonElement Json { get; } = JsonDocument.Parse(File.ReadAllText(GoldenFile.PathOf("tiny.json"))).RootElement.GetProperty("train");

    public MaskRcnnNetwork Network { get; }

    public NetworkLosses Losses(IRegionSampler anchors, IRegionSampler regions) => _losses.Of(_batch, _targets, anchors, regions);

    /// <summary>The losses when all positives and negatives are used.</summary>
    public NetworkLosses Losses() => Losses(new EverySampler(), new EverySampler());

    /// <summary>The gradients of the total at the first step.</summary>
    public Dictionary<string, float[]> Gradients(NetworkLosses losses)
    {
        using torch.Tensor total = losses.Total();
        total.backward();
        return Network.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => Near.Values(p.parameter.grad!));
    }

    public void Dispose()
    {
        Golden.Dispose();
        _batch.Dispose();
        Network.Dispose();
    }

    private TrainingSample Sample(int image)
    {
        RgbImage pixels = ImageDecoder.DecodeFile(GoldenFile.PathOf($"tiny_img{image}.png")).Image;
        long[] labels = Golden.Integers($"target.{image}.labels");
        Box[] boxes = Golden.Boxes($"target.{image}.boxes");
        byte[] masks = [.. Golden.Floats($"target.{image}.masks").Select(value => (byte)value)];
        int size = pixels.Width * pixels.Height;
        return new TrainingSample(image, pixels, [.. labels.Select((label, i) =>
            new TrainingInstance((int)label, boxes[i]) { Mask = InstanceMask.Of(0, 0, pixels.Width, pixels.Height, masks.AsSpan(i * size, size)) })]);
    }

    /// <summary>Takes every positive and every negative box.</summary>
    private sealed class EverySampler : IRegionSampler
    {
        public RegionSample Sample(int image, ReadOnlySpan<int> matches)
        {
            int[] all = matches.ToArray();
            return new RegionSample([.. Enumerable.Range(0, all.Length).Where(i => all[i] >= 0)], [.. Enumerable.Range(0, all.Length).Where(i => all[i] == Matcher.Background)]);
        }
    }
}
