namespace MaskRcnn.Client.Exports;

/// <summary>What is exported, and how.</summary>
public sealed record ExportOptions
{
    /// <summary>What is written.</summary>
    public required ExportFormat Format { get; init; }

    /// <summary>Detections below this score are left out; default 0: none is. From 0 to 1.</summary>
    public double ScoreThreshold { get; init; }

    /// <summary>Names or ids of the categories whose detections are exported; default empty: all. Images without any are exported too.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Whether files that are there and hold something else are replaced; default no: they are an error.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Most images worked on at once, where each has a file of its own; default 0: as many as there are cores, at most 16.</summary>
    public int Parallelism { get; init; }

    /// <summary>Is told how far it is; null: nobody.</summary>
    public IProgress<ExportProgress>? Progress { get; init; }

    internal void Validate()
    {
        if (ScoreThreshold is not (>= 0 and <= 1)) throw new ArgumentException($"ScoreThreshold is {ScoreThreshold}; expected a number from 0 to 1.");
        if (Parallelism < 0) throw new ArgumentException($"Parallelism is {Parallelism}; expected 0 or more.");
        if (!Enum.IsDefined(Format)) throw new ArgumentException($"Format is {Format}; expected one of {string.Join(", ", Enum.GetNames<ExportFormat>())}.");
    }
}

/// <summary>How far an export is.</summary>
/// <param name="Images">Images done.</param>
/// <param name="Total">Images to do.</param>
public readonly record struct ExportProgress(long Images, long Total);
