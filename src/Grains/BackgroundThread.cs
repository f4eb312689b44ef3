namespace MaskRcnn.Grains;

/// <summary>Work on a thread of its own, off the grains' turns and off the thread pool.</summary>
internal sealed class BackgroundThread : IDisposable
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

    /// <summary>Asks the work to stop.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Asks the work to stop; does not wait.</summary>
    public void Dispose() => Stop();

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
