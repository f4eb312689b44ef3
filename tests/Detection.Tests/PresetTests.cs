using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Detection.Tests;

public sealed class PresetTests
{
    [Fact]
    public void Every_preset_has_a_configuration_of_its_name()
    {
        Assert.Equal(25, ModelPresets.Names.Count);
        Assert.All(ModelPresets.Names, name => Assert.Equal(name, ModelPresets.Get(name).Name));
    }

    [Fact]
    public void An_unknown_architecture_is_an_error_that_lists_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => ModelPresets.Get("yolo"));
        Assert.Contains("'yolo'", error.Message);
        Assert.Contains("maskrcnn_resnet50_fpn_v2", error.Message);
    }
}
