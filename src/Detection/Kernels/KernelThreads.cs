using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>How many threads compute: our kernels and libtorch's. One setting for the process, as libtorch's is.</summary>
/// <remarks>The threads are the kernels' own, never the thread pool's: a process that serves others needs that one free.</remarks>
public static class KernelThreads
{
    private static readonly Lock Gate = new();
    private static int _count = Environment.ProcessorCount;
    private static ThreadTeam? _team;

    /// <summary>Number of threads, at least 1. The default is the cores this process may use (a container's CPU quota is respected).</summary>
    public static int Count
    {
        get => Volatile.Read(ref _count);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Native.TorchLibrary.EnsureLoaded();
            lock (Gate)
            {
                torch.set_num_threads(value);
                if (value == _count)
                    return;
                _count = value;
                // Whoever computes with the old team still finishes; a new one is made when it is needed.
                _team?.Dispose();
                _team = null;
            }
        }
    }

    /// <summary>Runs a body for 0 to <paramref name="count"/> − 1, on several threads; results must not depend on the order.</summary>
    /// <remarks>
    /// Several threads may call at once, and a body may call again. The caller takes part. An exception of the body reaches
    /// the caller as it is.
    /// </remarks>
    internal static void For(int count, Action<int> body)
    {
        if (count > 1 && Team() is { } team)
        {
            team.Run(count, body);
            return;
        }

        for (int i = 0; i < count; i++)
            body(i);
    }

    /// <summary>The team, or null where one thread does it all.</summary>
    private static ThreadTeam? Team()
    {
        if (Volatile.Read(ref _team) is { } team)
            return team;
        if (Count == 1)
            return null;
        lock (Gate)
            return _count == 1 ? null : _team ??= new ThreadTeam(_count - 1);
    }
}
