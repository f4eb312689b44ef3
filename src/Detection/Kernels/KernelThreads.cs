using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>How many threads compute: our kernels and libtorch's. One setting for the process, as libtorch's is.</summary>
public static class KernelThreads
{
    private static int _count = Environment.ProcessorCount;

    /// <summary>Number of threads, at least 1. The default is the cores this process may use (a container's CPU quota is respected).</summary>
    public static int Count
    {
        get => _count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Native.TorchLibrary.EnsureLoaded();
            torch.set_num_threads(value);
            _count = value;
        }
    }

    /// <summary>Runs a body for 0 to <paramref name="count"/> − 1, on several threads; results must not depend on the order.</summary>
    internal static void For(int count, Action<int> body)
    {
        if (count <= 1 || _count == 1)
        {
            for (int i = 0; i < count; i++)
                body(i);
            return;
        }

        int next = -1;
        Parallel.For(0, Math.Min(_count, count), new ParallelOptions { MaxDegreeOfParallelism = _count }, _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
                body(i);
        });
    }
}
