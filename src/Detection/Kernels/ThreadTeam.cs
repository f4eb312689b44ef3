namespace MaskRcnn.Detection.Kernels;

/// <summary>
/// A few threads that help whoever has a loop to run. A caller never depends on them: it takes part, and does all that
/// they do not get to; so loops may be nested and started by several threads at once.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    /// <summary>
    /// How often an idle helper looks before it sleeps: some microseconds, as between the loops of one convolution.
    /// Longer would hold a core that libtorch's threads or another image's loop needs.
    /// </summary>
    private const int Spins = 20;

    private readonly object _gate = new();
    private readonly List<ParallelRegion> _open = [];
    private volatile int _openCount;
    private volatile bool _stopped;
    private int _sleeping;
    private int _turn;

    /// <summary>Starts the threads; they sleep until there is something to do.</summary>
    public ThreadTeam(int helpers)
    {
        for (int i = 0; i < helpers; i++)
            new Thread(Help) { IsBackground = true, Name = $"kernels {i + 1}" }.UnsafeStart();
    }

    /// <summary>Runs a body for 0 to <paramref name="count"/> − 1 and returns when all is done.</summary>
    public void Run(int count, Action<int> body)
    {
        ParallelRegion region = new(count, body);
        Open(region);
        region.Work();
        Close(region);
        region.Wait();
    }

    /// <summary>The threads end when they have done what they are at.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Open(ParallelRegion region)
    {
        lock (_gate)
        {
            _open.Add(region);
            _openCount = _open.Count;
            for (int wake = Math.Min(_sleeping, region.Count - 1); wake > 0; wake--)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Nothing of the region is left to begin.</summary>
    private void Close(ParallelRegion region)
    {
        lock (_gate)
        {
            if (_open.Remove(region))
                _openCount = _open.Count;
        }
    }

    private void Help()
    {
        while (Next() is { } region)
        {
            region.Work();
            Close(region);
        }
    }

    /// <summary>Waits for a region; null when the team ends.</summary>
    private ParallelRegion? Next()
    {
        SpinWait spin = default;
        for (int i = 0; i < Spins && _openCount == 0 && !_stopped; i++)
            spin.SpinOnce(sleep1Threshold: -1);
        lock (_gate)
        {
            while (_open.Count == 0 && !_stopped)
            {
                _sleeping++;
                Monitor.Wait(_gate);
                _sleeping--;
            }

            // In turn, so that of two regions open at a time each gets help.
            return _open.Count == 0 ? null : _open[(int)((uint)_turn++ % (uint)_open.Count)];
        }
    }
}
