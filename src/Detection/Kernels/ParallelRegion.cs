using System.Runtime.ExceptionServices;

namespace MaskRcnn.Detection.Kernels;

/// <summary>A loop whose turns several threads take, each the next one that is free.</summary>
/// <param name="count">Number of turns.</param>
/// <param name="body">What a turn does.</param>
internal sealed class ParallelRegion(int count, Action<int> body)
{
    private const int Spins = 20;

    private int _next = -1;
    private int _done;
    private Exception? _failure;

    /// <summary>Number of turns.</summary>
    public int Count => count;

    /// <summary>Takes turns until none is left to begin. After a failure the rest is skipped.</summary>
    public void Work()
    {
        int done = 0;
        for (int i; (i = Interlocked.Increment(ref _next)) < count; done++)
        {
            if (Volatile.Read(ref _failure) is not null)
                continue;
            try
            {
                body(i);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, exception, null);
            }
        }

        if (done == 0 || Interlocked.Add(ref _done, done) < count)
            return;
        lock (this)
            Monitor.PulseAll(this);
    }

    /// <summary>Waits for the turns that others have begun, and throws what the body threw.</summary>
    public void Wait()
    {
        SpinWait spin = default;
        for (int i = 0; i < Spins && Volatile.Read(ref _done) < count; i++)
            spin.SpinOnce(sleep1Threshold: -1);
        if (Volatile.Read(ref _done) < count)
        {
            lock (this)
            {
                while (Volatile.Read(ref _done) < count)
                    Monitor.Wait(this);
            }
        }

        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
    }
}
