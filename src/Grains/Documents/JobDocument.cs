using System.Text.Json.Serialization;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Documents;

/// <summary><c>job.json</c>: what was asked for, and what was found out when it was. Its URIs are without secrets: <see cref="JobAddresses"/> open them.</summary>
public sealed record JobDocument
{
    /// <summary>Version of this document.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The job's id.</summary>
    public required string Job { get; init; }

    /// <summary>The job's name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The job's folder: <c>&lt;output&gt;/&lt;job&gt;</c>.</summary>
    public required string Output { get; init; }

    /// <summary>What was asked for.</summary>
    public required JobSpecification Specification { get; init; }

    /// <summary>The model as it was then.</summary>
    public required ModelDocument Model { get; init; }

    /// <summary>The file that names or holds the images, as it was then; null: the collection is a folder.</summary>
    public SourceDocument? Source { get; init; }

    /// <summary>Where shards are cut.</summary>
    public required ShardSize ShardSize { get; init; }

    /// <summary>Model label to category, by ascending label.</summary>
    public required IReadOnlyList<CategoryDocument> Categories { get; init; }

    /// <summary>The evaluated categories (the ground truth's), ascending by id; empty without annotations.</summary>
    public IReadOnlyList<CategoryDocument> EvaluatedCategories { get; init; } = [];

    /// <summary>The span that the job's work is below, as W3C's <c>traceparent</c>; null: nobody traced when it was submitted.</summary>
    public string? Trace { get; init; }

    /// <summary>How labels and categories were matched, where that needs saying.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>The model file.</summary>
/// <param name="Uri">Where it is.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of the bytes, lower-case hexadecimal.</param>
/// <param name="Name">The configuration's name.</param>
/// <param name="IouTypes">What its output can be evaluated by: <c>bbox</c>, <c>segm</c>, <c>keypoints</c>.</param>
public sealed record ModelDocument(string Uri, string ETag, long Size, string Sha256, string Name, IReadOnlyList<string> IouTypes);

/// <summary>The file of a collection that is no folder. Only this version of it is read.</summary>
/// <param name="Kind">One of <see cref="Sources.SourceKinds"/>.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Size">Bytes.</param>
public sealed record SourceDocument(string Kind, string ETag, long Size);

/// <summary>Where shards are cut: at whichever comes first.</summary>
/// <param name="Images">Most images, at least 1.</param>
/// <param name="Bytes">Most bytes of encoded images, unless it is one image.</param>
/// <param name="IsGiven">Whether the job says so: then the last page is cut no finer than the others.</param>
public sealed record ShardSize(int Images, long Bytes, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsGiven = false);

/// <summary>A category.</summary>
/// <param name="Label">The model's label; 0 in <see cref="JobDocument.EvaluatedCategories"/>.</param>
/// <param name="Id">Its id in results.</param>
/// <param name="Name">Its name.</param>
public sealed record CategoryDocument(int Label, long Id, string Name);
