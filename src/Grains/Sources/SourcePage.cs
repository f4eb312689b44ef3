using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Sources;

/// <summary>A page of a collection.</summary>
/// <param name="Images">The images, in ordinal order of their names; of ids only those that the collection itself gives.</param>
/// <param name="End">Where the next page begins.</param>
public sealed record SourcePage(IReadOnlyList<ListedImage> Images, ListPosition End)
{
    /// <summary>A page of a store's listing.</summary>
    public static SourcePage Of(BlobPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        return new SourcePage([.. page.Blobs.Select(blob => new ListedImage(blob.Name, blob.Size, blob.ETag, null))], page.End);
    }
}
