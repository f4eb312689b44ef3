using System.Runtime.InteropServices;

namespace MaskRcnn.Grains;

/// <summary>Work on a thread of its own, off the grains' turns and off the thread pool.</summary>
#pragma warning disable CA1001 // The source has no timer, and whoever asks the work to stop may do so after its end.
internal sealed partial class BackgroundThread
#pragma warning restore CA1001
{
    /// <summary>About a tenth of the processor when others want all of it.</summary>
    private const int NiceOfOnesThatGiveWay = 10;

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    /// <summary>Starts the work.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="work">What to do; told when to stop.</param>
    /// <param name="givesWay">Whether it leaves the processor to whatever else wants it, as work that keeps a coordinator busy for minutes must: jobs' statuses and leases are answered meanwhile.</param>
    public BackgroundThread(string name, Action<CancellationToken> work, bool givesWay = false)
    {
        _thread = new Thread(() => Run(work, givesWay)) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Ends with the work: with its error, if it failed.</summary>
    public Task End => _end.Task;

    /// <summary>Whether it was asked to stop.</summary>
    public bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Asks the work to stop; does not wait.</summary>
    public void Stop() => _stop.Cancel();

    private void Run(Action<CancellationToken> work, bool givesWay)
    {
        // .NET's own priorities do nothing on Linux. If it is refused the thread is as any other.
        if (givesWay && OperatingSystem.IsLinux()) _ = SetPriority(0, 0, NiceOfOnesThatGiveWay);
        try
        {
            work(_stop.Token);
            _end.SetResult();
        }
        catch (Exception exception)
        {
            _end.SetException(exception);
            // Whoever asks sees it; nobody need ask.
            _ = _end.Task.Exception;
        }
    }

    /// <param name="which">0: <c>who</c> is a thread.</param>
    /// <param name="who">0: the calling one.</param>
    /// <param name="nice">-20 to 19; 0 is usual, more is less processor time.</param>
    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int nice);
}
