using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Parts;

namespace MaskRcnn.Grains.Workers;

/// <summary>The images of a shard in their order, and what is known of them already.</summary>
/// <param name="images">The images.</param>
/// <param name="kept">For each image what an earlier generation has of it, or null; null: there is none.</param>
internal sealed class ShardImages(IReadOnlyList<ListedImage> images, IReadOnlyList<EncodedImage?>? kept = null)
{
    /// <summary>The images.</summary>
    public IReadOnlyList<ListedImage> Images => images;

    /// <summary>What is to be written of an image without reading it; null: it is to be done.</summary>
    public EncodedImage? Kept(int index) => index < images.Count ? kept?[index] : null;
}
