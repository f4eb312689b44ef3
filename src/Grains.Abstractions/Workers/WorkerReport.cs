using MaskRcnn.Grains.Dispatch;

namespace MaskRcnn.Grains.Workers;

/// <summary>A worker, for people.</summary>
/// <remarks>What a silo of an earlier version does not send is what its member says.</remarks>
[GenerateSerializer, Immutable, Alias("maskrcnn.worker-report")]
public sealed record WorkerReport
{
    /// <summary>Value of <see cref="State"/>: it leaves, and is given nothing more.</summary>
    public const string Draining = "draining";

    /// <summary>Its id: the silo's address and the device.</summary>
    [Id(0)] public required string Worker { get; init; }

    /// <summary>The machine.</summary>
    [Id(1)] public required string Host { get; init; }

    /// <summary>The process.</summary>
    [Id(2)] public required int ProcessId { get; init; }

    /// <summary>Where it computes: <c>cpu</c>, <c>cuda:0</c>.</summary>
    [Id(3)] public required string Device { get; init; }

    /// <summary>SHA-256 of the model it holds, or null.</summary>
    [Id(4)] public string? Model { get; init; }

    /// <summary>Shards that it has leased.</summary>
    [Id(5)] public IReadOnlyList<string> Shards { get; init; } = [];

    /// <summary>Images that it has finished.</summary>
    [Id(6)] public long Images { get; init; }

    /// <summary>Images a second over the last minute.</summary>
    [Id(7)] public double ImagesPerSecond { get; init; }

    /// <summary>When the dispatcher last heard of it; set by the dispatcher.</summary>
    [Id(8)] public DateTimeOffset LastHeartbeat { get; init; }

    /// <summary>What it does: <c>idle</c>, <c>loading</c>, <c>working</c>, <c>draining</c>, or what went wrong last.</summary>
    [Id(9)] public string State { get; init; } = "idle";

    /// <summary>The pool that it belongs to: it works for jobs of that pool.</summary>
    [Id(10)] public string Pool { get => field ?? JobWork.DefaultPool; init; }

    /// <summary>What it has done for the jobs that it worked for last.</summary>
    [Id(11)] public IReadOnlyList<JobUsage> Usage { get => field ?? []; init; }
}
