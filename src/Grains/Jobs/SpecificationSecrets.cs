using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Jobs;

/// <summary>A specification as it is written down and shown.</summary>
public static class SpecificationSecrets
{
    /// <summary>The same without the SAS of its URIs. Of one that has none nothing changes.</summary>
    public static JobSpecification WithoutSecrets(this JobSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return specification with
        {
            Images = BlobUri.WithoutSecrets(specification.Images),
            Model = BlobUri.WithoutSecrets(specification.Model),
            Output = BlobUri.WithoutSecrets(specification.Output),
            Annotations = specification.Annotations is { } annotations ? BlobUri.WithoutSecrets(annotations) : null,
            ImagesRoot = specification.ImagesRoot is { } root ? BlobUri.WithoutSecrets(root) : null,
        };
    }
}
