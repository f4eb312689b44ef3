using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Documents;

/// <summary>
/// Where a job's blobs are, as what opens them: with their SAS. So this is a secret: it is kept below the state root alone.
/// Everything else, <see cref="JobDocument"/> too, has the same URIs as <see cref="BlobUri.WithoutSecrets"/> shows them.
/// </summary>
/// <param name="Images">The collection.</param>
/// <param name="Model">The model file.</param>
/// <param name="Output">The job's folder.</param>
/// <param name="Annotations">COCO ground truth, or null.</param>
/// <param name="ImagesRoot">Where the names of a manifest or COCO file begin; null: in its own folder.</param>
public sealed record JobAddresses(string Images, string Model, string Output, string? Annotations, string? ImagesRoot = null)
{
    /// <summary>Whether any of them has what is not shown.</summary>
    public bool HasSecrets => new[] { Images, Model, Output, Annotations, ImagesRoot }.Any(uri => uri is not null && BlobUri.WithoutSecrets(uri) != uri);

    /// <summary>Those of a job.</summary>
    /// <param name="specification">What is asked for; of a job without secrets also its <c>job.json</c>'s.</param>
    /// <param name="output">The job's folder.</param>
    public static JobAddresses Of(JobSpecification specification, string output)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return new JobAddresses(specification.Images, specification.Model, output, specification.Annotations, specification.ImagesRoot);
    }

    /// <summary>Nothing of them: it may come into a log.</summary>
    public override string ToString() => nameof(JobAddresses);
}
