using System.Text.Json;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Training.Losses;
using MaskRcnn.Detection.Training.Optimization;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Training.Losses;

/// <summary>Steps of training take torchvision's path.</summary>
public sealed class StepGoldenTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Five_steps_have_torchvisions_losses(bool kernels)
    {
        using TinyTraining training = new(kernels ? Precision.Fp32 : null);
        using MomentumDescent optimizer = new(training.Network.named_parameters().Where(p => p.parameter.requires_grad).Select(p => (p.name, p.parameter, 1e-4)), 0.9);
        List<string> far = [];
        for (int step = 0; step < 5; step++)
        {
            using NetworkLosses losses = training.Losses();
            JsonElement expected = training.Json.GetProperty("all")[step];
            foreach ((string name, torch.Tensor loss) in losses.Named())
            {
                double ratio = loss.item<float>() / expected.GetProperty(name).GetDouble();
                if (Math.Abs(ratio - 1) > 1e-3)
                    far.Add($"step {step + 1}: {name} is {loss.item<float>()}, expected {expected.GetProperty(name).GetDouble()}");
            }

            using torch.Tensor total = losses.Total();
            total.backward();
            optimizer.Step(0.002);
        }

        Assert.Empty(far);
    }
}
