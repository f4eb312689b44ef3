using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary><c>result/manifest.json</c>: the result is whole, and this is all of it. Written last.</summary>
internal sealed record ManifestDocument
{
    /// <summary>Version of this document.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The job's id.</summary>
    public required string Job { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Which generation's result it is; null: the first one's.</summary>
    public int? Generation { get; init; }

    /// <summary>When the job was submitted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the result was whole.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>How the job has ended.</summary>
    public required JobState State { get; init; }

    /// <summary>Whether the job ended before its work was done, so that the result is of a part of the images.</summary>
    public bool Partial { get; init; }

    /// <summary>The numbers of the report.</summary>
    public required ReportCounts Counts { get; init; }

    /// <summary>What was asked for, without secrets.</summary>
    public required JobSpecification Specification { get; init; }

    /// <summary>The model's file.</summary>
    public required ModelDocument Model { get; init; }

    /// <summary>What its detections are of, those too of which none was found; in the order of the model's labels.</summary>
    public IReadOnlyList<CategoryDocument> Categories { get; init; } = [];

    /// <summary>What the result depends on, defaults filled in.</summary>
    public required ReportParameters Parameters { get; init; }

    /// <summary>With how many threads it was computed, ascending: one number, unless workers differed. <c>predict --threads</c> repeats it.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [];

    /// <summary>Versions of what made it.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>Every file of the result but this.</summary>
    public required IReadOnlyList<ResultFile> Files { get; init; }

    /// <summary>Planned shards.</summary>
    public required int Shards { get; init; }

    /// <summary>Whether the attempts' parts are kept.</summary>
    public required bool PartsKept { get; init; }
}
