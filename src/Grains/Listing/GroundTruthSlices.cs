using MaskRcnn.Coco.Datasets;
using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Listing;

/// <summary>Cuts a ground truth by segments: evaluating the slices and merging gives what evaluating the whole gives.</summary>
public sealed class GroundTruthSlices
{
    private readonly CocoDataset _dataset;
    private readonly Dictionary<long, int> _images = [];
    private readonly Dictionary<long, List<int>> _annotations = [];

    /// <summary>The slices of a ground truth.</summary>
    public GroundTruthSlices(CocoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        _dataset = dataset;
        for (int i = 0; i < dataset.Images.Count; i++) _images[dataset.Images[i].Id] = i;
        for (int i = 0; i < dataset.Annotations.Count; i++)
        {
            long image = dataset.Annotations[i].ImageId;
            if (!_annotations.TryGetValue(image, out List<int>? indices)) _annotations[image] = indices = [];
            indices.Add(i);
        }
    }

    /// <summary>A COCO file of some images: these, their annotations and all categories, each in the order of the whole file.</summary>
    /// <param name="images">Images of a segment; those without an id are not in it.</param>
    public byte[] Slice(IEnumerable<ListedImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        long[] ids = [.. images.Where(image => image.Id is not null).Select(image => image.Id!.Value).Distinct()];
        var slice = new CocoDataset
        {
            Images = [.. ids.Where(_images.ContainsKey).Select(id => _images[id]).Order().Select(i => _dataset.Images[i])],
            Annotations = [.. ids.SelectMany(id => _annotations.GetValueOrDefault(id, [])).Order().Select(i => _dataset.Annotations[i])],
            Categories = _dataset.Categories,
        };
        using var stream = new MemoryStream();
        CocoWriter.WriteDataset(stream, slice);
        return stream.ToArray();
    }
}
