using System.Globalization;
using TorchSharp;

namespace MaskRcnn.Detection.Native;

/// <summary>Devices by the names that users give them.</summary>
public static class ComputeDevice
{
    private const string Expected = "expected 'auto', 'cpu', 'cuda', or 'cuda:N' with the number of a GPU";

    /// <summary>The device of a name: <c>cpu</c>, <c>cuda</c> (the first GPU), <c>cuda:1</c>, or <c>auto</c>: the first GPU if there is one, else the CPU.</summary>
    /// <exception cref="ComputeDeviceException">The name is none of these, or the machine or the build lacks the device.</exception>
    public static torch.Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        TorchLibrary.EnsureLoaded();
        int? gpu = Gpu(name, TorchLibrary.HasCuda, () => torch.cuda.is_available() ? torch.cuda.device_count() : 0);
        return gpu is { } index ? new torch.Device(DeviceType.CUDA, index) : torch.CPU;
    }

    /// <summary>Number of the GPU, or null for the CPU.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cudaBuild">Whether libtorch has CUDA.</param>
    /// <param name="visible">Number of GPUs that libtorch sees; not asked without need.</param>
    internal static int? Gpu(string name, bool cudaBuild, Func<int> visible)
    {
        switch (name)
        {
            case "cpu":
                return null;
            case "auto":
                return cudaBuild && visible() > 0 ? 0 : null;
        }

        int index = 0;
        if (name != "cuda" && !(name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index)))
            throw new ComputeDeviceException(name, $"'{name}' is not a device; {Expected}.");
        if (!cudaBuild)
            throw new ComputeDeviceException(name, $"{name} asked for, but this build has no CUDA: build with -p:TorchBackend=cuda, or use 'cpu' or 'auto'.");
        int count = visible();
        if (index < count)
            return index;
        throw new ComputeDeviceException(name, count switch
        {
            0 => $"{name} asked for, but no GPU is visible: look at nvidia-smi, CUDA_VISIBLE_DEVICES and, in a container, at '--gpus all'; or use 'cpu' or 'auto'.",
            1 => $"{name} asked for, but only 1 GPU is visible: use 'cuda:0', or look at CUDA_VISIBLE_DEVICES.",
            _ => $"{name} asked for, but only {count} GPUs are visible: use 'cuda:0' to 'cuda:{count - 1}', or look at CUDA_VISIBLE_DEVICES.",
        });
    }
}
