using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains;

/// <summary>What the grains of a silo are built with.</summary>
public sealed record GrainsOptions
{
    /// <summary>The state root.</summary>
    public required IBlobStore State { get; init; }

    /// <summary>Adds a provider <see cref="State.GrainState.Provider"/>; null: grain state is in blobs below the state root.</summary>
    public Action<ISiloBuilder>? AddGrainState { get; init; }

    /// <summary>Opens the other stores; tests put faults here.</summary>
    public Func<string, IBlobStore> OpenStore { get; init; } = BlobStores.Open;

    /// <summary>What a specification may reach: whole folders, containers or prefixes; none: everything. See <see cref="StorageRoots"/>.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>How large and how many what comes from outside may be.</summary>
    public Limits Limits { get; init; } = new();

    /// <summary>Leases and suspicion.</summary>
    public LeaseOptions Leases { get; init; } = new();

    /// <summary>How devices are shared.</summary>
    public DispatchOptions Scheduling { get; init; } = new();

    /// <summary>How long ended jobs are known.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>Workers.</summary>
    public WorkerOptions Workers { get; init; } = new();
}
