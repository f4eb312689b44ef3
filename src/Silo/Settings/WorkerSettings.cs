using MaskRcnn.Grains.Dispatch;

namespace MaskRcnn.Silo.Settings;

/// <summary>The workers of a silo.</summary>
public sealed record WorkerSettings
{
    /// <summary>Devices, a worker each: <c>cpu</c>, <c>cuda:0</c>; default <c>cpu</c>.</summary>
    public IReadOnlyList<string> Devices { get; init; } = ["cpu"];

    /// <summary>The pool that they belong to: they work for jobs of that pool; default <c>default</c>.</summary>
    public string Pool { get; init; } = JobWork.DefaultPool;

    /// <summary>Threads that compute, at least 1; default the cores.</summary>
    public int? Threads { get; init; }

    /// <summary>A folder for models from blob storage; default below the system's temporary folder.</summary>
    public string Cache { get; init; } = Path.Combine(Path.GetTempPath(), "maskrcnn-cache");
}
