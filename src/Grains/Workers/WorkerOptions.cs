using MaskRcnn.Grains.Dispatch;

namespace MaskRcnn.Grains.Workers;

/// <summary>The workers of a silo.</summary>
public sealed record WorkerOptions
{
    /// <summary>Devices, a worker each: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public IReadOnlyList<string> Devices { get; init; } = ["cpu"];

    /// <summary>The pool that they belong to: they work for jobs of that pool.</summary>
    public string Pool { get; init; } = JobWork.DefaultPool;

    /// <summary>Threads that compute; null: the cores.</summary>
    public int? Threads { get; init; }

    /// <summary>A folder for models that come from blob storage.</summary>
    public string Cache { get; init; } = Path.Combine(Path.GetTempPath(), "maskrcnn-cache");

    /// <summary>How often a lease is renewed; must be well below its time to live.</summary>
    public TimeSpan Renewal { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a worker that was told "nothing to do", which took the dispatcher a second, waits before it asks again.</summary>
    public TimeSpan IdlePoll { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a worker that could not ask for work waits before it asks again.</summary>
    public TimeSpan TroubleWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a worker may take to leave: what it has begun is finished if that fits; above 0, default 30 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Shards that may wait to be committed while the next is worked on.</summary>
    public int PendingCommits { get; init; } = 2;
}
