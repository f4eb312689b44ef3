using System.Runtime.InteropServices;
using TorchSharp;

namespace MaskRcnn.Detection.Native;

/// <summary>
/// libtorch's autocast: while it is in force on a thread, convolutions and products take bfloat16 copies of their inputs and of
/// the weights, which stay in single precision. TorchSharp has no API for it; these are the C++ functions, by their
/// mangled names.
/// </summary>
internal sealed partial class Autocast : IDisposable
{
    private const string Library = "libtorch_cpu.so";
    private const sbyte BFloat16 = 15;
    private readonly sbyte _device;
    private readonly bool _before;

    private Autocast(DeviceType device)
    {
        _device = (sbyte)device;
        _before = IsEnabled(_device);
        SetEnabled(_device, true);
        SetType(_device, BFloat16);
        _ = Enter();
    }

    /// <summary>Begins to compute in bfloat16 on this thread; dispose it on the same thread.</summary>
    public static IDisposable InBFloat16(torch.Device device) => new Autocast(device.type);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Copies of the weights are kept until the outermost scope ends.
        if (Leave() == 0)
            ClearCache();
        SetEnabled(_device, _before);
    }

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool IsEnabled(sbyte device);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb")]
    private static partial void SetEnabled(sbyte device, [MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE")]
    private static partial void SetType(sbyte device, sbyte type);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast17increment_nestingEv")]
    private static partial int Enter();

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast17decrement_nestingEv")]
    private static partial int Leave();

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast11clear_cacheEv")]
    private static partial void ClearCache();
}
