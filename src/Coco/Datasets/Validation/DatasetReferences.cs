using System.Text.Json;

namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>What annotations and results refer to. Of images or categories with one id, the first counts.</summary>
internal sealed class DatasetReferences
{
    public DatasetReferences(CocoDataset dataset)
    {
        var images = new Dictionary<long, CocoImage>(dataset.Images.Count);
        foreach (CocoImage image in dataset.Images) images.TryAdd(image.Id, image);
        Images = images;
        foreach (CocoCategory category in dataset.Categories) KeypointsOf.TryAdd(category.Id, DeclaredKeypoints(category));
    }

    public IReadOnlyDictionary<long, CocoImage> Images { get; }

    /// <summary>Each category's number of keypoints as it declares it, or null.</summary>
    public Dictionary<long, int?> KeypointsOf { get; } = [];

    private static int? DeclaredKeypoints(CocoCategory category)
    {
        ExtraMember? member = category.Extra.FirstOrDefault(m => m.Name == "keypoints");
        if (member is null) return null;
        using JsonDocument json = JsonDocument.Parse(member.Json);
        return json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.GetArrayLength() : null;
    }
}
