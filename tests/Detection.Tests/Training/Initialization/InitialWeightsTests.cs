using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Training.Initialization;

namespace MaskRcnn.Detection.Tests.Training.Initialization;

/// <summary>Random weights have the spread that torchvision's rules give them.</summary>
public sealed class InitialWeightsTests
{
    [Fact]
    public void Each_layer_has_its_rule()
    {
        using MaskRcnnNetwork network = new(ModelPresets.Get("maskrcnn_resnet18_fpn"));
        InitialWeights.Fill(network, 1);
        Dictionary<string, float[]> weights = network.named_parameters().ToDictionary(p => p.name, p => Near.Values(p.parameter));
        Deviation("rpn.head.conv.0.0.weight", 0.01);
        Deviation("backbone.body.layer1.0.conv1.weight", Math.Sqrt(2.0 / (64 * 9)));           // Kaiming, fan out
        Deviation("roi_heads.mask_head.0.0.weight", Math.Sqrt(2.0 / (256 * 9)));
        Uniform("backbone.fpn.inner_blocks.0.0.weight", Math.Sqrt(3.0 / 64));                   // Kaiming, uniform, a = 1
        Uniform("roi_heads.box_head.fc7.weight", Math.Sqrt(1.0 / 1024));                        // torch's Linear
        Uniform("roi_heads.mask_predictor.mask_fcn_logits.bias", Math.Sqrt(1.0 / 256));         // torch's convolution
        Assert.All(weights["rpn.head.cls_logits.bias"], value => Assert.Equal(0, value));
        Assert.All(weights["backbone.fpn.layer_blocks.2.0.bias"], value => Assert.Equal(0, value));

        void Deviation(string name, double expected)
        {
            double deviation = Math.Sqrt(weights[name].Average(value => (double)value * value));
            Assert.Equal(1, deviation / expected, 0.02);
            Assert.Equal(0, weights[name].Average() / expected, 0.02);
        }

        void Uniform(string name, double bound)
        {
            Assert.All(weights[name], value => Assert.InRange(value, -bound, bound));
            // The smallest has 91 values: that none of them is in a tenth of the range has a chance of 1 in 100 000.
            Assert.True(weights[name].Max() > 0.8 * bound && weights[name].Min() < -0.8 * bound, name);
        }
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        float[] first = Values(1), again = Values(1), other = Values(2);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);

        static float[] Values(long seed)
        {
            using MaskRcnnNetwork network = new(TinyConfiguration.Value);
            InitialWeights.Fill(network, seed);
            return [.. network.named_parameters().SelectMany(p => Near.Values(p.parameter))];
        }
    }
}
