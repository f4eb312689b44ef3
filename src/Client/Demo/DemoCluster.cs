using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Up;

namespace MaskRcnn.Client.Demo;

/// <summary>
/// The demo's own cluster: what <c>maskrcnn up</c> runs, on a folder of the demo, for as long as the demo lives. The user's
/// commands do not turn to it, and a cluster that runs already is not touched.
/// </summary>
internal sealed class DemoCluster : IDisposable
{
    /// <summary>Ports are chosen before the processes listen on them: another program may come first.</summary>
    private const int Tries = 3;

    private readonly UpOptions _options;
    private readonly Action<string> _say;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<IReadOnlyList<string>> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    /// <summary>Starts it, and does not wait for it.</summary>
    /// <param name="folder">Its data.</param>
    /// <param name="say">Is told what becomes of its processes.</param>
    public DemoCluster(string folder, Action<string> say)
    {
        _options = new UpOptions
        {
            Workers = DemoOptions.Workers,
            Data = folder,
            InProcess = false,
            Threads = null,
            LeaseSeconds = 15,
            RenewSeconds = 5,
            IsUsersOwn = false,
        };
        _say = say;
        _thread = new Thread(Run) { IsBackground = true, Name = "demo cluster" };
        _thread.Start();
    }

    /// <summary>When jobs may come: the workers' devices.</summary>
    public Task<IReadOnlyList<string>> Ready => _ready.Task;

    /// <summary>Where it is.</summary>
    public ClusterAddress Address => ClusterAddress.FromDataFolder(_options.Data);

    /// <summary>Tells it to stop, and does not wait for that.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Stops it; afterwards none of its processes lives.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            for (int i = 0; i < Tries && !_stop.IsCancellationRequested && !_ready.Task.IsCompleted; i++) RunOnce();
            _ready.TrySetException(_stop.IsCancellationRequested
                ? new OperationCanceledException()
                : new CommandException(ExitCode.Error, "no_cluster", $"The demo's cluster did not start. What its processes said last is in {_options.Logs}."));
        }
        catch (Exception exception)
        {
            _ready.TrySetException(exception);
        }
    }

    private void RunOnce()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        new LocalCluster(_options, Hear).Run((_, devices) => _ready.TrySetResult(devices), stop.Token);

        void Hear(string message)
        {
            _say(message);
            // A process that ends before all are there may have lost its port: all begin again, with others.
            if (!_ready.Task.IsCompleted) stop.Cancel();
        }
    }
}
