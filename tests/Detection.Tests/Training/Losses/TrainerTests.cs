using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Initialization;
using MaskRcnn.Detection.Training.Loading;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Training.Losses;

/// <summary>Steps of a whole trainer.</summary>
public sealed class TrainerTests
{
    private static readonly ModelConfiguration Model = TinyModel.Configuration with { Transform = TinyModel.Configuration.Transform with { MinSizes = [64], MaxSize = 64 } };

    [Fact]
    public void Accumulated_batches_give_the_mean_of_their_gradients_as_workers_side_by_side_would()
    {
        // All boxes are used, so that nothing depends on the batch's number.
        TrainingConfiguration configuration = Configuration() with { Sampling = new() { RpnBatchSize = 100_000, BatchSize = 100_000, PositiveFraction = 1, RpnPositiveFraction = 1, RpnPostNmsTopN = 100 } };
        using torch.Tensor start = Weights(configuration, _ => { }), both = Weights(configuration, trainer => Step(trainer, [1, 2], apart: true));
        using torch.Tensor first = Weights(configuration, trainer => Step(trainer, [1], apart: true)), second = Weights(configuration, trainer => Step(trainer, [2], apart: true));
        using torch.Tensor mean = (first + second) / 2;
        // One step of plain descent is linear in the gradient.
        using torch.Tensor expected = mean - start, actual = both - start;
        Near.Scaled(Near.Values(expected), Near.Values(actual), 1e-5, "change of the weights");
        Assert.True(expected.abs().max().item<float>() > 1e-5);
    }

    [Fact]
    public void The_loss_of_one_image_falls()
    {
        using MaskRcnnNetwork network = Network();
        using Trainer trainer = new(network, Configuration(), torch.CPU);
        double[] losses = [.. Enumerable.Range(0, 60).Select(step => Step(trainer, [1], apart: false, step).Total)];
        Assert.True(losses[^5..].Average() < 0.4 * losses[0], $"first {losses[0]}, last {losses[^1]}");
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_with_the_images_and_changes_no_weight()
    {
        using MaskRcnnNetwork network = Network();
        using Trainer trainer = new(network, Configuration(), torch.CPU);
        using (torch.no_grad())
            network.get_parameter("rpn.head.cls_logits.bias")!.fill_(float.NaN);
        float[] before = Near.Values(network.get_parameter("roi_heads.box_head.fc7.weight")!);
        NonFiniteLossException stopped = Assert.Throws<NonFiniteLossException>(() => Step(trainer, [41, 42], apart: false, step: 6));
        Assert.Equal(7, stopped.Step);
        Assert.Equal([41, 42], stopped.ImageIds);
        Assert.Contains("loss_objectness is NaN", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("41, 42", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(before, Near.Values(network.get_parameter("roi_heads.box_head.fc7.weight")!));
    }

    [Fact]
    public void Images_without_objects_are_background_and_keep_every_loss_finite()
    {
        using MaskRcnnNetwork network = Network();
        using Trainer trainer = new(network, Configuration(), torch.CPU);
        TrainingSample empty = Sample(9) with { Instances = [] };
        using TrainingBatch batch = Batch([empty], 0);
        TrainingStep step = trainer.Step(0, [batch]);
        Assert.All(step.Losses.Values, loss => Assert.True(double.IsFinite(loss)));
        Assert.Equal((0, 0, 0), (step.Losses["loss_mask"], step.Losses["loss_box_reg"], step.Losses["loss_rpn_box_reg"]));
        Assert.True(step.Losses["loss_objectness"] > 0);
    }

    [Fact]
    public void A_keypoint_branch_learns_where_its_points_are()
    {
        ModelConfiguration model = Model with { MaskHead = null, KeypointHead = new() { Keypoints = 2, ConvolutionWidths = [32, 32] } };
        using MaskRcnnNetwork network = new(model);
        InitialWeights.Fill(network, 3);
        TrainingConfiguration configuration = Configuration();
        // Random weights behind norms that do nothing have large gradients.
        using Trainer trainer = new(network, configuration with { Model = model, Optimizer = configuration.Optimizer with { ClipNorm = 1 } }, torch.CPU);
        TrainingSample sample = Sample(1);
        sample = sample with { Instances = [.. sample.Instances.Select(i => i with { Mask = null, Keypoints = [new Keypoint(i.Box.X1 + 2, i.Box.Y1 + 3, 2), new Keypoint(0, 0, 0)] })] };
        List<double> losses = [];
        for (int step = 0; step < 30; step++)
        {
            using TrainingBatch batch = Batch([sample], step);
            losses.Add(trainer.Step(step, [batch]).Losses["loss_keypoint"]);
        }

        // Without knowledge it is the logarithm of 56 · 56 places.
        Assert.Equal(Math.Log(56 * 56), losses[0], 1.5);
        Assert.True(losses[^1] < losses[0] - 1, $"first {losses[0]}, last {losses[^1]}");
    }

    private static TrainingConfiguration Configuration() => new()
    {
        Model = Model,
        TrainedBackboneStages = 3,
        Optimizer = new() { LearningRate = 0.01, Momentum = 0.9, WeightDecay = 0, WarmUpSteps = 0, DropsAt = [], ClipNorm = 0 },
        Sampling = new() { BatchSize = 64, RpnPostNmsTopN = 200 },
    };

    private static MaskRcnnNetwork Network()
    {
        MaskRcnnNetwork network = new(Model);
        InitialWeights.Fill(network, 3);
        return network;
    }

    private static torch.Tensor Weights(TrainingConfiguration configuration, Action<Trainer> change)
    {
        using MaskRcnnNetwork network = Network();
        using Trainer trainer = new(network, configuration, torch.CPU);
        change(trainer);
        using var noGradient = torch.no_grad();
        return torch.cat([.. network.parameters().Select(parameter => parameter.flatten())]);
    }

    private static TrainingStep Step(Trainer trainer, int[] images, bool apart, long step = 0)
    {
        List<TrainingBatch> batches = apart ? [.. images.Select(image => Batch([Sample(image)], step))] : [Batch([.. images.Select(Sample)], step)];
        try
        {
            return trainer.Step(step, batches);
        }
        finally
        {
            batches.ForEach(batch => batch.Dispose());
        }
    }

    private static TrainingBatch Batch(IReadOnlyList<TrainingSample> samples, long step) =>
        new(step, new ImageTransform(Model.Transform).ToBatch([.. samples.Select(sample => sample.Image)]), samples);

    /// <summary>An image of 64×64 with two squares.</summary>
    private static TrainingSample Sample(int id)
    {
        Random random = new(id);
        byte[] pixels = new byte[64 * 64 * 3];
        random.NextBytes(pixels);
        List<TrainingInstance> instances = [];
        foreach ((int x, int y) in new[] { (random.Next(12), random.Next(12)), (random.Next(32, 40), random.Next(32, 40)) })
        {
            for (int row = y; row < y + 20; row++)
                pixels.AsSpan((row * 64 + x) * 3, 60).Fill(250);
            InstanceMask mask = InstanceMask.Of(x, y, 20, 20, [.. Enumerable.Repeat((byte)1, 400)])!;
            instances.Add(new TrainingInstance(1, mask.Extents) { Mask = mask });
        }

        return new TrainingSample(id, new RgbImage(64, 64, pixels), instances);
    }
}
