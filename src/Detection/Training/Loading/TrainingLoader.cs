using System.Runtime.ExceptionServices;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Loading;

/// <summary>
/// Makes the batches of a run ahead of their use, on threads of its own, and hands them out in the order of steps. What
/// a step gets is a function of seed and step alone; the number of threads changes nothing.
/// </summary>
public sealed class TrainingLoader : IDisposable
{
    private readonly object _gate = new();
    private readonly BatchMaker _maker;
    private readonly int _ahead;
    private readonly Thread[] _threads;

    /// <summary>Batches, or what went wrong, of steps that were not delivered yet.</summary>
    private readonly Dictionary<long, (TrainingBatch? Batch, ExceptionDispatchInfo? Error)> _made = [];

    /// <summary>The first step that no thread has begun.</summary>
    private long _unclaimed;
    private long _next;
    private volatile bool _stopped;

    /// <summary>Starts the threads.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="options">How batches are made.</param>
    /// <exception cref="ArgumentException">An option is not valid; the message lists every problem.</exception>
    public TrainingLoader(TrainingDataset dataset, TrainingLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Native.TorchLibrary.EnsureLoaded();
        _maker = new BatchMaker(dataset, options);
        _ahead = options.PrefetchedBatches;
        _unclaimed = _next = options.FirstStep;
        _threads = [.. Enumerable.Range(1, Math.Min(options.Threads, _ahead)).Select(i => new Thread(Work) { IsBackground = true, Name = $"training loader {i}" })];
        foreach (Thread thread in _threads) thread.UnsafeStart();
    }

    /// <summary>The step that <see cref="Next"/> gives.</summary>
    public long NextStep
    {
        get
        {
            lock (_gate) return _next;
        }
    }

    /// <summary>The next step's batch, when it is made; the caller disposes it.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="TrainingLoadException">An image of the step cannot be loaded; so it is again if asked again.</exception>
    public TrainingBatch Next(CancellationToken cancellation = default)
    {
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(_ => Wake(), null);
        lock (_gate)
        {
            while (true)
            {
                ObjectDisposedException.ThrowIf(_stopped, this);
                cancellation.ThrowIfCancellationRequested();
                if (_made.TryGetValue(_next, out (TrainingBatch? Batch, ExceptionDispatchInfo? Error) made))
                {
                    made.Error?.Throw();
                    _made.Remove(_next++);
                    Monitor.PulseAll(_gate);
                    return made.Batch!;
                }
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Ends the threads, after the image that each is at, and disposes what was not delivered.</summary>
    public void Dispose()
    {
        _stopped = true;
        Wake();
        foreach (Thread thread in _threads) thread.Join();
        foreach ((TrainingBatch? batch, _) in _made.Values) batch?.Dispose();
        _made.Clear();
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    private void Work()
    {
        while (Claim() is { } step)
        {
            (TrainingBatch?, ExceptionDispatchInfo?) made;
            try
            {
                made = (_maker.Make(step, () => _stopped), null);
            }
            catch (Exception exception)
            {
                // Comes out of Next, in its turn.
                made = (null, ExceptionDispatchInfo.Capture(exception));
            }
            lock (_gate)
            {
                // Dispose looks at what is here when the threads have ended.
                _made.Add(step, made);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>The next step to make, when there is room for one more; null when it is over.</summary>
    private long? Claim()
    {
        lock (_gate)
        {
            while (_unclaimed - _next >= _ahead && !_stopped) Monitor.Wait(_gate);
            return _stopped ? null : _unclaimed++;
        }
    }
}
