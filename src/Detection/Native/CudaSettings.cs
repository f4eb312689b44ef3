using System.Runtime.InteropServices;
using TorchSharp;

namespace MaskRcnn.Detection.Native;

/// <summary>How libtorch computes on NVIDIA's GPUs. For the whole process, as libtorch's settings are.</summary>
/// <remarks>
/// No test has run this on a GPU. The functions are C++ and are found by their mangled names, which libtorch 2.10
/// exports; only their presence is tested. cuDNN's trials cost some milliseconds for each new shape: padded sizes, and
/// numbers of masks, repeat within a job, so that they soon cease.
/// </remarks>
internal static partial class CudaSettings
{
    private const string Library = "libtorch_cpu.so";
    private static readonly Lazy<bool> Applied = new(ApplyOnce);

    /// <summary>Single precision is single precision, and cuDNN tries its algorithms the first time it sees a shape.</summary>
    public static void Apply() => _ = Applied.Value;

    /// <summary>
    /// The same bits every time on one type of device: algorithms that do not depend on the order of threads, and no trials, whose
    /// winner may differ. Slower. For the process; there is no way back.
    /// </summary>
    public static void MakeDeterministic()
    {
        Apply();
        NativeSettings.SetDeterministicCublas();
        SetBenchmark(GlobalContext(), false);
        SetDeterministic(GlobalContext(), true, warnOnly: true);
    }

    private static bool ApplyOnce()
    {
        // TF32 has 10 bits of mantissa: not torchvision's answers.
        torch.backends.cuda.matmul.allow_tf32 = false;
        torch.backends.cudnn.allow_tf32 = false;
        SetBenchmark(GlobalContext(), true);
        return true;
    }

    /// <summary><c>at::globalContext()</c>: libtorch's settings.</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at13globalContextEv")]
    private static partial IntPtr GlobalContext();

    /// <summary><c>at::Context::setDeterministicAlgorithms(bool, bool)</c>.</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at7Context26setDeterministicAlgorithmsEbb")]
    private static partial void SetDeterministic(IntPtr context, [MarshalAs(UnmanagedType.U1)] bool value, [MarshalAs(UnmanagedType.U1)] bool warnOnly);

    /// <summary><c>at::Context::setBenchmarkCuDNN(bool)</c>.</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at7Context17setBenchmarkCuDNNEb")]
    private static partial void SetBenchmark(IntPtr context, [MarshalAs(UnmanagedType.U1)] bool value);
}
