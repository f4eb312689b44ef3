using System.Text.Json;

using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Training.Losses;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Training.Losses;

/// <summary>Losses and gradients are torchvision's.</summary>
public sealed class LossGoldenTests : IDisposable
{
    private readonly TinyTraining _training = new();

    [Fact]
    public void The_five_losses_are_torchvisions()
    {
        using NetworkLosses losses = _training.Losses();
        Same(_training.Json.GetProperty("all")[0], losses, 1e-4);
    }

    [Theory]
    [InlineData(Precision.Fp32, false)]
    [InlineData(null, true)]
    public void The_five_losses_and_gradients_are_torchvisions_with_our_kernels_and_as_on_a_device(Precision? kernels, bool asOnDevice)
    {
        using TinyTraining training = new(kernels, asOnDevice);
        using NetworkLosses losses = training.Losses();
        Same(training.Json.GetProperty("all")[0], losses, 1e-4);
        SameGradients(training, training.Gradients(losses));
    }

    [Fact]
    public void In_bfloat16_losses_and_gradients_are_near()
    {
        using TinyTraining training = new(Precision.Bf16);
        NetworkLosses losses;
        using (Autocast.InBFloat16(torch.CPU))
            losses = training.Losses();
        foreach ((string name, torch.Tensor loss) in losses.Named())
            Assert.Equal(1, loss.item<float>() / training.Json.GetProperty("all")[0].GetProperty(name).GetDouble(), 0.15);
        Dictionary<string, float[]> gradients = training.Gradients(losses);
        JsonProperty[] norms = [.. training.Json.GetProperty("all_grad_norms").EnumerateObject()];
        double ratio = norms.Average(p => Math.Sqrt(gradients[p.Name].Sum(g => (double)g * g)) / p.Value[0].GetDouble());
        Assert.Equal(1, ratio, 0.2);
        losses.Dispose();
    }

    [Fact]
    public void The_five_losses_are_torchvisions_with_its_sampled_boxes()
    {
        using NetworkLosses losses = _training.Losses(new InjectedSampler(_training.Golden, "sampled.rpn"), new InjectedSampler(_training.Golden, "sampled.box"));
        Same(_training.Json.GetProperty("sampled")[0], losses, 1e-4);
    }

    [Fact]
    public void The_same_boxes_are_positive_and_negative()
    {
        using NetworkLosses losses = _training.Losses(new InjectedSampler(_training.Golden, "all.rpn"), new InjectedSampler(_training.Golden, "all.box"));
        Same(_training.Json.GetProperty("all")[0], losses, 1e-4);
    }

    [Fact]
    public void The_gradients_are_torchvisions()
    {
        using NetworkLosses losses = _training.Losses();
        SameGradients(_training, _training.Gradients(losses));
    }

    private static void SameGradients(TinyTraining training, Dictionary<string, float[]> gradients)
    {
        foreach (string name in training.Golden.Tensors.Tensors.Select(tensor => tensor.Name).Where(name => name.StartsWith("grad.", StringComparison.Ordinal)))
        {
            float[] expected = training.Golden.Floats(name), actual = gradients[name["grad.".Length..]];
            double difference = Math.Sqrt(expected.Zip(actual, (e, a) => Math.Pow(e - a, 2)).Sum()), norm = Math.Sqrt(expected.Sum(e => Math.Pow(e, 2)));
            Assert.True(difference <= 1e-3 * norm, $"{name} differs by {difference:E2}; its norm is {norm:E2}");
        }
    }

    [Theory]
    [InlineData("all")]
    [InlineData("sampled")]
    public void The_norms_of_all_gradients_are_torchvisions(string mode)
    {
        using NetworkLosses losses = mode == "all" ? _training.Losses()
            : _training.Losses(new InjectedSampler(_training.Golden, "sampled.rpn"), new InjectedSampler(_training.Golden, "sampled.box"));
        Dictionary<string, float[]> gradients = _training.Gradients(losses);
        JsonProperty[] expected = [.. _training.Json.GetProperty($"{mode}_grad_norms").EnumerateObject()];
        Assert.Equal(expected.Select(p => p.Name).Order(), gradients.Keys.Order());
        foreach (JsonProperty parameter in expected)
        {
            double norm = Math.Sqrt(gradients[parameter.Name].Sum(g => (double)g * g));
            Assert.Equal(1, norm / parameter.Value[0].GetDouble(), 1e-3);
        }
    }

    public void Dispose() => _training.Dispose();

    private static void Same(JsonElement expected, NetworkLosses losses, double tolerance)
    {
        foreach ((string name, torch.Tensor loss) in losses.Named())
            Assert.True(Math.Abs(loss.item<float>() / expected.GetProperty(name).GetDouble() - 1) <= tolerance, $"{name} is {loss.item<float>()}, expected {expected.GetProperty(name).GetDouble()}");
    }
}
