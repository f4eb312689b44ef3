using MaskRcnn.Detection.Native;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Native;

public sealed class TorchLibraryTests
{
    [Fact]
    public void Libtorch_loads_and_computes()
    {
        TorchLibrary.EnsureLoaded();
        using torch.Tensor sum = torch.ones(3).sum();
        Assert.Equal(3f, sum.item<float>());
    }
}
