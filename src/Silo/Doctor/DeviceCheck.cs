using System.Runtime.Intrinsics.X86;
using MaskRcnn.Detection.Native;

namespace MaskRcnn.Silo.Doctor;

/// <summary>Whether libtorch loads here and has the device.</summary>
internal static class DeviceCheck
{
    private const string Name = "device";

    public static Finding Run(string device) => Run(device, Avx512F.IsSupported, Avx2.IsSupported);

    /// <param name="device">The device.</param>
    /// <param name="avx512">Whether the CPU has AVX-512.</param>
    /// <param name="avx2">Whether the CPU has AVX2.</param>
    internal static Finding Run(string device, bool avx512, bool avx2)
    {
        try
        {
            _ = ComputeDevice.Parse(device);
        }
        catch (TorchLibraryException exception)
        {
            return new Finding(Name, Verdict.Failed, exception.Message, "Install the program for this platform, with all of its files.");
        }
        catch (ComputeDeviceException exception)
        {
            return new Finding(Name, Verdict.Failed, exception.Message, "Correct Worker:Devices, or what the message names.");
        }
        if (device != "cpu") return new Finding(Name, Verdict.Ok, $"{device}: libtorch is loaded and sees the GPU.");
        string cores = $"{Environment.ProcessorCount} cores";
        return avx512 ? new Finding(Name, Verdict.Ok, $"cpu: libtorch is loaded; {cores} with AVX-512, so the program's own kernels compute.")
            : avx2 ? new Finding(Name, Verdict.Ok, $"cpu: libtorch is loaded; {cores} with AVX2 and without AVX-512, so libtorch's kernels compute.")
            : new Finding(Name, Verdict.Warning, $"cpu: libtorch is loaded; {cores} without AVX2.", "It works, and is slow: take a CPU with AVX2 or AVX-512, or a GPU.");
    }
}
