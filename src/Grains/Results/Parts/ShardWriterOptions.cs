using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>What a <see cref="ShardWriter"/> needs beside the shard.</summary>
public sealed record ShardWriterOptions
{
    /// <summary>The worker, for the commit record.</summary>
    public required string Worker { get; init; }

    /// <summary>The annotations of the shard's segment; needed if the job has annotations, else null.</summary>
    public ParsedGroundTruth? GroundTruth { get; init; }

    /// <summary>Threads that compute, for the commit record.</summary>
    public int? Threads { get; init; }

    /// <summary>The clock; default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>When the first image was read; null: when <see cref="ShardWriter.Begin"/> was called, else when the writer was made.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>The wait before a write of unknown outcome is tried again; it doubles each time. Default 0.2 s.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(.2);
}
