using System.Runtime.InteropServices;

namespace MaskRcnn.Detection.Native;

/// <summary>
/// What libtorch reads from the environment when it starts. Set here, before it is loaded, and only where the user
/// has not set it.
/// </summary>
internal static partial class NativeSettings
{
    private static readonly (string Name, string Value)[] Variables =
    [
        // Tensors of many megabytes on huge pages: fewer page faults.
        ("THP_MEM_ALLOC_ENABLE", "1"),
        // OpenMP's threads sleep between its regions; they would otherwise spin on the cores that our kernels use.
        ("OMP_WAIT_POLICY", "PASSIVE"),
    ];

    /// <summary>mallopt's M_MMAP_THRESHOLD.</summary>
    private const int MapThreshold = -3;

    private const int LargeBlock = 1 << 20;

    private static readonly Lazy<bool> Applied = new(ApplyOnce);

    /// <summary>Cores that this process may use: affinity and the container's CPU quota are respected.</summary>
    public static int AvailableCores => Environment.ProcessorCount;

    /// <summary>Sets the variables, the first time it is called.</summary>
    public static void Apply() => _ = Applied.Value;

    /// <summary>Lets cuBLAS keep its workspaces, without which its sums depend on the order of streams; before its first use.</summary>
    public static void SetDeterministicCublas() => _ = SetEnvironmentVariable("CUBLAS_WORKSPACE_CONFIG", ":4096:8", overwrite: 0);

    /// <summary>
    /// Gives blocks of a megabyte and more mappings of their own, which end when they are freed. Training keeps some tensors from
    /// forward to backward and frees others between them; glibc would put those of up to 32 MB into one heap, whose holes add up
    /// from step to step. Without glibc it does nothing.
    /// </summary>
    public static void KeepLargeBlocksApart()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out _))
            _ = SetMallocOption(MapThreshold, LargeBlock);
    }

    private static bool ApplyOnce()
    {
        if (OperatingSystem.IsWindows())
            return false;
        foreach ((string name, string value) in Variables)
            _ = SetEnvironmentVariable(name, value, overwrite: 0);
        return true;
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);

    /// <summary>.NET keeps its own copy of the environment; native code reads libc's.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
