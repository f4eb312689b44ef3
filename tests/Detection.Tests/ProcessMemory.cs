using System.Globalization;
using TorchSharp;

namespace MaskRcnn.Detection.Tests;

/// <summary>What this process holds, once the garbage is gone that it and tests before have made.</summary>
internal static class ProcessMemory
{
    /// <summary>Tensors that are not disposed of.</summary>
    public static long LiveTensors()
    {
        Settle();
        return torch.Tensor.TotalCount;
    }

    /// <summary>Resident memory in bytes.</summary>
    public static long Resident()
    {
        Settle();
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Finalizers of tensors run on a thread of their own, and what they let go of is the next collection's.</summary>
    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
