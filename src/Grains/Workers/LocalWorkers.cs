using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Workers;

/// <summary>
/// The engines of this silo's workers. So that a silo leaves without asking anybody: while it does, its grains may not be
/// reached, as their directory is on coordinators that are leaving, too.
/// </summary>
internal sealed partial class LocalWorkers(WorkerOptions options, WorkerServices services, ILogger<LocalWorkers> logger)
{
    private readonly Lock _gate = new();
    private readonly List<WorkerEngine> _engines = [];
    private bool _isLeaving;

    /// <summary>Starts a worker; null when the silo leaves.</summary>
    public WorkerEngine? TryStart(string worker)
    {
        lock (_gate)
        {
            if (_isLeaving) return null;
            var engine = new WorkerEngine(worker, options, services);
            _engines.Add(engine);
            return engine;
        }
    }

    /// <summary>Ends a worker at once.</summary>
    public void End(WorkerEngine engine)
    {
        lock (_gate) _engines.Remove(engine);
        engine.Dispose();
    }

    /// <summary>Lets all of them leave; ends after the grace at the latest.</summary>
    public async Task LeaveAsync()
    {
        WorkerEngine[] engines;
        lock (_gate)
        {
            _isLeaving = true;
            engines = [.. _engines];
        }
        await Task.WhenAll(engines.Select(LeaveAsync));
    }

    private async Task LeaveAsync(WorkerEngine engine)
    {
        LogLeaving(engine.Device, options.Grace.TotalSeconds);
        var leaving = new Leaving(options.Grace, services.Time);
        bool isDone = await engine.LeaveAsync(leaving);
        if (isDone) LogLeft(engine.Device, leaving.Elapsed.TotalSeconds);
        else LogNotDone(engine.Device, options.Grace.TotalSeconds);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Device} leaves within {Grace} s")]
    private partial void LogLeaving(string device, double grace);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Device} has left after {Seconds:F1} s")]
    private partial void LogLeft(string device, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Device} could not end its work in {Grace} s; what is not committed is done again by another")]
    private partial void LogNotDone(string device, double grace);
}
