using System.Diagnostics;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Telemetry;

namespace MaskRcnn.Grains.Workers;

/// <summary>The models that a worker holds: the last two, so that two jobs that take turns do not load them again and again.</summary>
internal sealed class ModelCache(IModelLoader loader, string device) : IDisposable
{
    private const int Most = 2;

    private readonly List<(string Key, string Sha256, IImageModel Model)> _models = [];

    /// <summary>SHA-256 of the model that was used last, or null.</summary>
    public string? Current { get; private set; }

    /// <summary>A job's model; loads it if need be. Used by one thread, and only while no model is at work.</summary>
    public IImageModel Get(JobContext job)
    {
        string key = loader.KeyOf(job.Document);
        int index = _models.FindIndex(m => m.Key == key);
        if (index < 0 && _models.Count == Most)
        {
            // Before the new one is loaded, for its memory.
            (_models[0].Model as IDisposable)?.Dispose();
            _models.RemoveAt(0);
        }
        (string, string, IImageModel Model) entry = index < 0 ? (key, job.Document.Model.Sha256, Load(job)) : _models[index];
        if (index >= 0) _models.RemoveAt(index);
        _models.Add(entry);
        Current = job.Document.Model.Sha256;
        return entry.Model;
    }

    private IImageModel Load(JobContext job)
    {
        long start = Stopwatch.GetTimestamp();
        IImageModel model = loader.Load(job, device);
        WorkerMetrics.Stage(Stages.Load, device, Stopwatch.GetElapsedTime(start));
        return model;
    }

    public void Dispose()
    {
        foreach ((_, _, IImageModel model) in _models) (model as IDisposable)?.Dispose();
        _models.Clear();
    }
}
