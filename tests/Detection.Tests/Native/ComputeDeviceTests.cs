using System.Runtime.InteropServices;
using MaskRcnn.Detection.Native;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Native;

public sealed class ComputeDeviceTests
{
    [Theory]
    [InlineData("cpu", false, 0, null)]
    [InlineData("cpu", true, 2, null)]
    [InlineData("auto", false, 0, null)]
    [InlineData("auto", true, 0, null)]
    [InlineData("auto", true, 2, 0)]
    [InlineData("cuda", true, 1, 0)]
    [InlineData("cuda:0", true, 1, 0)]
    [InlineData("cuda:1", true, 2, 1)]
    public void A_name_gives_its_device(string name, bool cudaBuild, int visible, int? gpu) =>
        Assert.Equal(gpu, ComputeDevice.Gpu(name, cudaBuild, () => visible));

    [Theory]
    [InlineData("cuda:1", false, 0, "this build has no CUDA: build with -p:TorchBackend=cuda")]
    [InlineData("cuda", true, 0, "no GPU is visible")]
    [InlineData("cuda:1", true, 1, "only 1 GPU is visible: use 'cuda:0'")]
    [InlineData("cuda:4", true, 2, "only 2 GPUs are visible: use 'cuda:0' to 'cuda:1'")]
    [InlineData("gpu", true, 1, "'gpu' is not a device; expected 'auto', 'cpu', 'cuda', or 'cuda:N'")]
    [InlineData("cuda:", true, 1, "is not a device")]
    [InlineData("cuda:-1", true, 1, "is not a device")]
    [InlineData("cuda:99999999999", true, 1, "is not a device")]
    [InlineData("", true, 1, "is not a device")]
    public void A_name_that_cannot_be_used_is_explained(string name, bool cudaBuild, int visible, string explanation)
    {
        ComputeDeviceException error = Assert.Throws<ComputeDeviceException>(() => ComputeDevice.Gpu(name, cudaBuild, () => visible));
        Assert.Contains(explanation, error.Message, StringComparison.Ordinal);
        Assert.Equal(name, error.Device);
    }

    [Fact]
    public void The_cpu_is_always_there() => Assert.Equal(DeviceType.CPU, ComputeDevice.Parse("cpu").type);

    [Theory]
    [InlineData("_ZN2at13globalContextEv")]
    [InlineData("_ZN2at7Context17setBenchmarkCuDNNEb")]
    [InlineData("_ZN2at7Context26setDeterministicAlgorithmsEbb")]
    public void Libtorch_exports_what_the_settings_for_a_GPU_call(string symbol)
    {
        TorchLibrary.EnsureLoaded();
        Assert.True(NativeLibrary.TryGetExport(NativeLibrary.Load("libtorch_cpu.so"), symbol, out _));
    }
}
