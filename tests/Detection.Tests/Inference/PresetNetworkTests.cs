using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Detection.Tests.Inference;

public sealed class PresetNetworkTests
{
    public static TheoryData<string> Presets => [.. ModelPresets.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void A_preset_builds_a_network_with_torchvisions_keys_and_shapes(string preset)
    {
        // The layout itself is compared with torchvision's lists elsewhere.
        ModelConfiguration configuration = ModelPresets.Get(preset);
        using MaskRcnnNetwork network = new(configuration);
        string[] expected = [.. TorchvisionLayout.Expected(configuration).Select(tensor => $"{tensor.Name} ({string.Join(", ", tensor.Shape)})").Order(StringComparer.Ordinal)];
        string[] actual = [.. NetworkLoader.Tensors(network).Select(tensor => $"{tensor.Name} ({string.Join(", ", tensor.Tensor.shape)})").Order(StringComparer.Ordinal)];
        Assert.Equal(expected, actual);
    }
}
