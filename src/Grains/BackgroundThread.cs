namespace MaskRcnn.Grains;

/// <summary>Work on a thread of its own, off the grains' turns and off the thread pool.</summary>
#pragma warning disable CA1001 // The source has no timer, and whoever asks the work to stop may do so after its end.
internal sealed class BackgroundThread
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    /// <summary>Starts the work.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="work">What to do; told when to stop.</param>
    public BackgroundThread(string name, Action<CancellationToken> work)
    {
        _thread = new Thread(() => Run(work)) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Ends with the work: with its error, if it failed.</summary>
    public Task End => _end.Task;

    /// <summary>Whether it was asked to stop.</summary>
    public bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Asks the work to stop; does not wait.</summary>
    public void Stop() => _stop.Cancel();

    private void Run(Action<CancellationToken> work)
    {
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
}
