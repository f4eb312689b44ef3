using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Workers;

/// <summary>
/// The engines of this silo's workers, as long as its process lives. No grain's activation has a say in that, and no other silo: it
/// leaves without asking anybody.
/// </summary>
internal sealed partial class LocalWorkers(WorkerOptions options, WorkerServices services, ILogger<LocalWorkers> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WorkerEngine> _engines = new(StringComparer.Ordinal);

    /// <summary>Starts a worker.</summary>
    /// <param name="worker">Its id: the silo's address and the device.</param>
    public WorkerEngine Start(string worker)
    {
        var engine = new WorkerEngine(worker, options, services);
        lock (_gate) _engines.Add(worker, engine);
        return engine;
    }

    /// <summary>A worker; null: it is not of this silo.</summary>
    public WorkerEngine? Find(string worker)
    {
        lock (_gate) return _engines.GetValueOrDefault(worker);
    }

    /// <summary>Lets all of them leave; ends after the grace at the latest.</summary>
    public async Task LeaveAsync()
    {
        WorkerEngine[] engines;
        lock (_gate) engines = [.. _engines.Values];
        await Task.WhenAll(engines.Select(LeaveAsync));
    }

    /// <summary>Ends all of them at once.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (WorkerEngine engine in _engines.Values) engine.Dispose();
        }
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
