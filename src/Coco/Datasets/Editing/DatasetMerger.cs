namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>Puts several data sets into one.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Images and annotations get the ids 1, 2, … in the order of the files; nothing of them is dropped.</item>
/// <item>Categories are matched by name. A category keeps its id if no earlier one has it, and else gets the lowest id over all ids in use.
/// Where files describe one name differently the first file's description stays and the difference is listed.</item>
/// <item>Licenses are matched by name and URL, numbered 1, 2, …, and the images' <c>license</c> follows.</item>
/// <item>Of <c>info</c> and of other members the first file's stays; one that differs is listed.</item>
/// </list>
/// </remarks>
public static class DatasetMerger
{
    /// <summary>Merges.</summary>
    /// <param name="inputs">The data sets, at least one.</param>
    /// <exception cref="DatasetContentException">A data set has two images or categories with one id, or an annotation of an unknown image or category.</exception>
    public static MergeResult Merge(IReadOnlyList<MergeInput> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfZero(inputs.Count);
        var conflicts = new List<MergeConflict>();
        var categories = new CategoryMerge(conflicts);
        var licenses = new LicenseMerge();
        var extra = new ExtraMerge(conflicts);
        var images = new List<CocoImage>();
        var annotations = new List<CocoAnnotation>();
        var fileOf = new Dictionary<string, string>();
        foreach ((string file, CocoDataset dataset) in inputs)
        {
            Dictionary<long, long> categoryIds = categories.Add(file, dataset.Categories);
            Func<CocoImage, CocoImage> relicense = licenses.Add(dataset.Extra);
            extra.Add(file, dataset.Extra.Where(m => m.Name != LicenseMerge.Member));
            var imageIds = new Dictionary<long, long>();
            foreach (CocoImage image in dataset.Images)
            {
                if (!imageIds.TryAdd(image.Id, images.Count + 1))
                    throw new DatasetContentException(file, $"the id {image.Id} is that of two images", "each image's own id");
                images.Add(relicense(image) with { Id = images.Count + 1 });
            }
            foreach (string name in dataset.Images.Select(image => image.FileName).Distinct())
            {
                if (!fileOf.TryAdd(name, file))
                    conflicts.Add(new MergeConflict("same-file-name", $"{file}: image \"{name}\" is in {fileOf[name]} too; both are kept."));
            }
            foreach (CocoAnnotation annotation in dataset.Annotations)
            {
                annotations.Add(annotation with
                {
                    Id = annotations.Count + 1,
                    ImageId = Mapped(imageIds, annotation.ImageId, annotation, file, "image"),
                    CategoryId = Mapped(categoryIds, annotation.CategoryId, annotation, file, "category"),
                });
            }
        }
        var merged = new CocoDataset
        {
            Images = images,
            Annotations = annotations,
            Categories = categories.Merged,
            Extra = [.. extra.Merged, .. licenses.ToMembers()],
        };
        return new MergeResult(merged, conflicts);
    }

    private static long Mapped(Dictionary<long, long> ids, long id, CocoAnnotation annotation, string file, string what) => ids.TryGetValue(id, out long mapped)
        ? mapped
        : throw new DatasetContentException(
            file, $"annotation {annotation.Id}: \"{what}_id\" is {id}, which the file does not have",
            $"the id of one of its {ids.Count} {(what == "image" ? "images" : "categories")}");
}
