namespace MaskRcnn.Grains.Jobs;

/// <summary>Counts and checks everything that a job would do, without starting it. The key is a random id.</summary>
[Alias("maskrcnn.dry-run")]
public interface IDryRunGrain : IGrainWithGuidKey
{
    /// <summary>Begins at the first call; then tells how far it is, after a second at most. Call until it is done.</summary>
    /// <param name="specification">What is asked for; the same in every call.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [ResponseTimeout("00:00:30")]
    Task<DryRunReport> Poll(JobSpecification specification, CancellationToken cancellation = default);
}

/// <summary>What a job would do.</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.dry-run-report")]
public sealed record DryRunReport
{
    /// <summary>Whether everything is counted.</summary>
    [Id(0)] public required bool Done { get; init; }

    /// <summary>Everything that would be refused, a sentence each.</summary>
    [Id(1)] public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Images.</summary>
    [Id(2)] public long Images { get; init; }

    /// <summary>Their bytes.</summary>
    [Id(3)] public long Bytes { get; init; }

    /// <summary>Files that are no images, or are not matched by the pattern.</summary>
    [Id(4)] public long Skipped { get; init; }

    /// <summary>Images that the annotations do not name: at most 20 names, and how many.</summary>
    [Id(5)] public NameSample NotAnnotated { get; init; } = new([], 0);

    /// <summary>Images for which another image was named before, and names that stand twice in the collection: at most 20, and how many.</summary>
    [Id(6)] public NameSample Duplicates { get; init; } = new([], 0);

    /// <summary>Images of the annotations that are not in the collection: at most 20, and how many.</summary>
    [Id(7)] public NameSample Missing { get; init; } = new([], 0);

    /// <summary>Shards that would be cut.</summary>
    [Id(8)] public int Shards { get; init; }

    /// <summary>Images of a shard.</summary>
    [Id(9)] public int ShardSize { get; init; }

    /// <summary>The model's name, or null.</summary>
    [Id(10)] public string? Model { get; init; }

    /// <summary>The model's SHA-256, or null.</summary>
    [Id(11)] public string? ModelSha256 { get; init; }

    /// <summary>Notes, such as how categories were matched.</summary>
    [Id(12)] public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Images that a manifest, COCO file or archive names without there being a file: at most 20, and how many. They would be failed images.</summary>
    [Id(13)] public NameSample NotFound { get => field ?? new([], 0); init; }

    /// <summary>Bytes of a reducer's memory that the evaluation needs, about; 0 without annotations.</summary>
    [Id(14)] public long EvaluationBytes { get; init; }
}

/// <summary>A few names of many.</summary>
/// <param name="Names">The first, in name order.</param>
/// <param name="Count">How many there are.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.name-sample")]
public sealed record NameSample([property: Id(0)] IReadOnlyList<string> Names, [property: Id(1)] long Count);
