namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>
/// Finds what is wrong in a data set whose form is right: references to nothing, double ids, masks that do not
/// decode, members that evaluation needs. Wrong JSON or wrong types are the reader's to refuse.
/// </summary>
public static class DatasetValidator
{
    /// <summary>Validates a data set.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="dataset">What the file holds.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>All findings, grouped by kind.</returns>
    public static ValidationReport Validate(string file, CocoDataset dataset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var findings = new FindingList();
        CheckDataset(file, dataset, findings, cancellationToken);
        return findings.ToReport();
    }

    /// <summary>Validates a data set and a results file that belongs to it.</summary>
    /// <param name="file">The data set's file name, for messages.</param>
    /// <param name="dataset">What the data set's file holds.</param>
    /// <param name="resultsFile">The results' file name, for messages.</param>
    /// <param name="results">The detections.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>All findings in both files, grouped by kind.</returns>
    public static ValidationReport Validate(
        string file, CocoDataset dataset, string resultsFile, IReadOnlyList<CocoAnnotation> results, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(results);
        var findings = new FindingList();
        CheckDataset(file, dataset, findings, cancellationToken);
        var references = new DatasetReferences(dataset);
        MaskCheck[] masks = MaskCheck.All(results, references.Images, cancellationToken);
        var rules = new ResultRules(resultsFile, references, findings);
        for (int i = 0; i < results.Count; i++) rules.Check(i, results[i], masks[i]);
        return findings.ToReport();
    }

    private static void CheckDataset(string file, CocoDataset dataset, FindingList findings, CancellationToken cancellationToken)
    {
        if (dataset.Images.Count == 0) findings.Error(FindingCodes.NoImages, file, "the data set", "there are no images", "at least one");
        if (dataset.Categories.Count == 0) findings.Error(FindingCodes.NoCategories, file, "the data set", "there are no categories", "at least one");
        CheckImages(file, dataset.Images, findings);
        CheckCategories(file, dataset.Categories, findings);
        var references = new DatasetReferences(dataset);
        MaskCheck[] masks = MaskCheck.All(dataset.Annotations, references.Images, cancellationToken);
        var rules = new AnnotationRules(file, references, findings);
        for (int i = 0; i < masks.Length; i++) rules.Check(i, dataset.Annotations[i], masks[i]);
        if (dataset.Annotations.All(a => a.Segmentation is null)) return; // a data set of boxes or keypoints
        foreach (CocoAnnotation annotation in dataset.Annotations.Where(a => a.Segmentation is null))
            findings.Warning(
                FindingCodes.MissingSegmentation, file, $"annotation {annotation.Id}",
                "there is no \"segmentation\"", "a mask, as others of the file have one", annotation.Id);
    }

    private static void CheckImages(string file, IReadOnlyList<CocoImage> images, FindingList findings)
    {
        var ids = new HashSet<long>();
        var names = new Dictionary<string, long>();
        foreach (CocoImage image in images)
        {
            string subject = $"image {image.Id}";
            if (!ids.Add(image.Id)) findings.Error(FindingCodes.DuplicateImageId, file, subject, "the id is there twice", "each image's own id");
            if (image.FileName.Length == 0)
                findings.Warning(FindingCodes.MissingFileName, file, subject, "there is no \"file_name\"", "the image's file name");
            else if (!names.TryAdd(image.FileName, image.Id))
                findings.Warning(
                    FindingCodes.DuplicateFileName, file, subject,
                    $"\"file_name\" is \"{image.FileName}\", as that of image {names[image.FileName]}", "each image's own file");
            if (image.FileName.Length > 0 && !FileNames.StayInside(image.FileName))
                findings.Warning(
                    FindingCodes.UnsafeFileName, file, subject,
                    $"\"file_name\" is \"{image.FileName}\"", "a path within the images' folder; 'convert' refuses it");
            if (image.Height == 0 || image.Width == 0)
                findings.Error(FindingCodes.ImageSize, file, subject, $"the size is {image.Width} × {image.Height}", "at least 1 × 1");
        }
    }

    private static void CheckCategories(string file, IReadOnlyList<CocoCategory> categories, FindingList findings)
    {
        var ids = new HashSet<long>();
        var names = new Dictionary<string, long>();
        foreach (CocoCategory category in categories)
        {
            string subject = $"category {category.Id}";
            if (!ids.Add(category.Id))
                findings.Error(FindingCodes.DuplicateCategoryId, file, subject, "the id is there twice", "each category's own id");
            if (!names.TryAdd(category.Name, category.Id))
                findings.Warning(
                    FindingCodes.DuplicateCategoryName, file, subject,
                    $"the name \"{category.Name}\" is also that of category {names[category.Name]}", "each category's own name");
        }
    }
}
