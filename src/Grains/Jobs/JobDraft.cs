using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Listing;

namespace MaskRcnn.Grains.Jobs;

/// <summary>What is found out of a specification before anything is written.</summary>
/// <param name="Model">The model as it is now.</param>
/// <param name="ShardSize">Where shards are cut.</param>
/// <param name="Categories">How labels and categories go together.</param>
/// <param name="Annotations">The ground truth, or null.</param>
/// <param name="Source">The file that names or holds the images, as it is now; null: the collection is a folder.</param>
internal sealed record JobDraft(ModelDocument Model, ShardSize ShardSize, CategoryMatching Categories, CocoDataset? Annotations, SourceDocument? Source)
{
    /// <summary>Bytes of a shard, where the number of images is given.</summary>
    private const long BytesWithGivenSize = long.MaxValue;

    /// <summary>Where shards of a model's job are cut.</summary>
    public static ShardSize SizeOf(JobSpecification specification, ModelConfiguration model, bool gpu) =>
        specification.ShardSize is { } images ? new ShardSize(images, BytesWithGivenSize, IsGiven: true) : ShardSizing.Estimate(model, gpu);
}
