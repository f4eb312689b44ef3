using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Detection.Tests.Weights;

public sealed class NormEpsTests
{
    [Theory]
    [InlineData("w.pth", true, null, "0: published torchvision v1 file (old key names)")]
    [InlineData("a/maskrcnn_resnet50_fpn_coco-bf2d0c1e.pth", false, null, "0: published torchvision v1 file (the hash in its name)")]
    [InlineData("fasterrcnn_resnet50_fpn_coco-258fb6c6 (1).safetensors", false, null, "0: published torchvision v1 file (the hash in its name)")]
    [InlineData("keypointrcnn_resnet50_fpn_coco-fc266e95.pth", false, null, "0: published torchvision v1 file (the hash in its name)")]
    [InlineData("maskrcnn_resnet50_fpn_v2_coco-73cbd019.pth", false, null, "1e-5: the default; not a published torchvision v1 file")]
    [InlineData("w.pth", true, 0.001, "1e-3: chosen by --bn-eps")]
    public void The_eps_of_a_file_has_its_reason(string path, bool hasOldNames, double? chosen, string expected) =>
        Assert.Equal(expected, NormEps.Choose(path, hasOldNames, chosen).ToString());

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(2)]
    public void An_eps_that_cannot_be_is_refused(double eps) => Assert.Throws<ArgumentOutOfRangeException>(() => NormEps.Choose("w.pth", false, eps));

    [Fact]
    public void The_eps_is_set_in_every_batch_norm_and_nowhere_else()
    {
        ModelConfiguration v1 = new NormEps(0, "").ApplyTo(ModelPresets.Get("maskrcnn_resnet50_fpn"));
        Assert.Equal((0, 1e-5), (v1.Backbone.Norm.Eps, v1.Fpn.Norm.Eps));
        ModelConfiguration v2 = new NormEps(1e-3, "").ApplyTo(ModelPresets.Get("maskrcnn_resnet50_fpn_v2"));
        Assert.Equal((1e-3, 1e-3, 1e-3, 1e-3), (v2.Backbone.Norm.Eps, v2.Fpn.Norm.Eps, v2.BoxHead.Norm.Eps, v2.MaskHead!.Norm.Eps));
    }
}
