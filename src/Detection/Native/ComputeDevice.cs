using TorchSharp;

namespace MaskRcnn.Detection.Native;

/// <summary>Where a model computes, by name.</summary>
public static class ComputeDevice
{
    /// <summary>The device of a name.</summary>
    /// <param name="name"><c>cpu</c>, <c>cuda</c>, <c>cuda:0</c> and so on, or <c>auto</c>: the first GPU, or the CPU when there is none.</param>
    /// <exception cref="ArgumentException">There is no such name, or no such device here.</exception>
    public static torch.Device Parse(string name)
    {
        TorchLibrary.EnsureLoaded();
        if (name == "cpu" || (name == "auto" && !torch.cuda.is_available()))
            return torch.CPU;
        string index = name is "auto" or "cuda" ? "0" : name.StartsWith("cuda:", StringComparison.Ordinal) ? name[5..] : "";
        if (!int.TryParse(index, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number))
            throw new ArgumentException($"There is no device '{name}'; expected cpu, cuda, cuda:0 (or another number) or auto.", nameof(name));
        if (!torch.cuda.is_available())
            throw new ArgumentException($"Device '{name}' is not here: this build or this machine has no CUDA. Build with -p:TorchBackend=cuda on a machine with a GPU, or use --device cpu.", nameof(name));
        int count = torch.cuda.device_count();
        if (number >= count)
            throw new ArgumentException($"Device '{name}' is not here: {count} GPUs are visible, cuda:0 to cuda:{count - 1}.", nameof(name));
        return new torch.Device(DeviceType.CUDA, number);
    }
}
