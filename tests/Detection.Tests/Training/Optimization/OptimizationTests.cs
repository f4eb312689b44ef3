using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Training.Optimization;
using TorchSharp;
using TorchSharp.Modules;

namespace MaskRcnn.Detection.Tests.Training.Optimization;

/// <summary>The optimiser and what belongs to it compute what their formulas say.</summary>
public sealed class OptimizationTests
{
    public OptimizationTests() => TorchLibrary.EnsureLoaded();

    [Theory]
    [InlineData(0, 0.00002)]
    [InlineData(500, 0.01001)]
    [InlineData(1000, 0.02)]
    [InlineData(119_999, 0.02)]
    [InlineData(120_000, 0.002)]
    [InlineData(159_999, 0.002)]
    public void The_papers_rate_warms_up_and_drops_at_120_000_steps(long step, double rate) =>
        Assert.Equal(rate, new LearningRateSchedule(new OptimizerConfiguration(), 160_000).At(step), 1e-12);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(250, 0.85355339059327373)]
    [InlineData(500, 0.5)]
    [InlineData(1000, 0)]
    public void A_cosine_goes_to_nothing_at_the_end(long step, double part) =>
        Assert.Equal(part, new LearningRateSchedule(new OptimizerConfiguration { LearningRate = 1, WarmUpSteps = 0, Schedule = ScheduleKind.Cosine }, 1000).At(step), 1e-12);

    [Fact]
    public void Steps_are_those_of_torchs_optimiser()
    {
        using var scope = torch.NewDisposeScope();
        Parameter ours = new(torch.tensor([1f, -2f, 3f])), theirs = new(torch.tensor([1f, -2f, 3f]));
        using MomentumDescent descent = new([("w", ours, 0.01)], 0.9);
        using torch.optim.Optimizer sgd = torch.optim.SGD([theirs], 0.1, momentum: 0.9, weight_decay: 0.01);
        for (int step = 0; step < 5; step++)
        {
            Loss(ours).backward();
            descent.Step(0.1);
            sgd.zero_grad();
            Loss(theirs).backward();
            sgd.step();
            Assert.Equal(theirs.data<float>().ToArray(), ours.data<float>().ToArray());
        }

        static torch.Tensor Loss(torch.Tensor w) => (w * w * w).sum();
    }

    [Fact]
    public void Long_gradients_are_shortened_to_the_limit_and_short_ones_are_left()
    {
        using var scope = torch.NewDisposeScope();
        Parameter first = WithGradient(3, 0), second = WithGradient(0, 4);
        Assert.Equal(5, GradientNorm.Clip([first, second], 10), 1e-6);
        Assert.Equal([3f, 0f], first.grad!.data<float>().ToArray());
        Assert.Equal(5, GradientNorm.Clip([first, second], 1), 1e-6);
        Assert.Equal(0.6, first.grad!.data<float>()[0], 1e-5);
        Assert.Equal(0.8, second.grad!.data<float>()[1], 1e-5);

        static Parameter WithGradient(float x, float y)
        {
            Parameter parameter = new(torch.zeros(2));
            (parameter * torch.tensor([x, y])).sum().backward();
            return parameter;
        }
    }

    [Fact]
    public void The_average_follows_its_formula_and_is_short_at_first()
    {
        using var scope = torch.NewDisposeScope();
        using torch.nn.Module module = torch.nn.Linear(1, 1, hasBias: false);
        Parameter weight = module.parameters().Single();
        Set(0);
        using WeightAverage average = new(module, 0.9);
        double expected = 0;
        for (int step = 1; step <= 200; step++)
        {
            Set(step);
            average.Add(step);
            double decay = Math.Min(0.9, (1.0 + step) / (10 + step));
            expected = decay * expected + (1 - decay) * step;
            Assert.Equal(1, average.State.Single().Tensor.item<float>() / expected, 1e-5);
        }

        void Set(float value)
        {
            using var noGradient = torch.no_grad();
            weight.fill_(value);
        }
    }

    [Theory]
    [InlineData(3, 84, 44_178_993)]
    [InlineData(5, 95, 44_401_393)]
    public void As_many_parameters_are_trained_as_in_torchvision(int stages, int tensors, long elements)
    {
        using MaskRcnnNetwork network = new(ModelPresets.Get("maskrcnn_resnet50_fpn"));
        TrainedParts.Apply(network, stages, trainNorms: true);
        var trained = TrainedParts.Of(network, new OptimizerConfiguration()).ToArray();
        Assert.Equal((tensors, elements), (trained.Length, trained.Sum(p => p.Parameter.numel())));
    }

    [Fact]
    public void Norms_and_biases_may_be_spared_from_weight_decay_and_norms_may_be_frozen()
    {
        using MaskRcnnNetwork network = new(ModelPresets.Get("maskrcnn_resnet18_fpn_v2"));
        TrainedParts.Apply(network, 5, trainNorms: true);
        Assert.All(TrainedParts.Of(network, new OptimizerConfiguration { DecayNormsAndBiases = false }), p => Assert.Equal(p.Name.EndsWith("bias", StringComparison.Ordinal) || p.Name.Contains("bn", StringComparison.Ordinal) || p.Parameter.dim() == 1, p.Decay == 0));
        int all = TrainedParts.Of(network, new OptimizerConfiguration()).Count();
        TrainedParts.Apply(network, 5, trainNorms: false);
        Assert.All(network.named_modules().Where(m => m.module is MaskRcnn.Detection.Layers.BatchNorm), m => Assert.False(m.module.training));
        Assert.True(TrainedParts.Of(network, new OptimizerConfiguration()).Count() < all);
    }
}
