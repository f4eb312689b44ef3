namespace MaskRcnn.Coco.Datasets.Statistics;

/// <summary>What is in a data set, in numbers. Objects are annotations that are not crowds.</summary>
public sealed record DatasetStatistics
{
    /// <summary>Images.</summary>
    public required int Images { get; init; }

    /// <summary>Annotations, crowds included.</summary>
    public required int Annotations { get; init; }

    /// <summary>Crowd annotations.</summary>
    public required int Crowds { get; init; }

    /// <summary>Annotations with keypoints.</summary>
    public required int WithKeypoints { get; init; }

    /// <summary>Images without any annotation.</summary>
    public required int ImagesWithoutAnnotations { get; init; }

    /// <summary>Every category of the file, in its order, also those that do not occur.</summary>
    public required IReadOnlyList<CategoryCount> Categories { get; init; }

    /// <summary>Objects by area.</summary>
    public required AreaCounts Areas { get; init; }

    /// <summary>Annotations by the way their segmentation is written.</summary>
    public required SegmentationCounts Segmentations { get; init; }

    /// <summary>Objects an image, over all images.</summary>
    public required Spread ObjectsPerImage { get; init; }

    /// <summary>Image widths, pixels.</summary>
    public required Spread Widths { get; init; }

    /// <summary>Image heights, pixels.</summary>
    public required Spread Heights { get; init; }

    /// <summary>Image sizes, the most frequent first, then by width and height.</summary>
    public required IReadOnlyList<ImageSizeCount> ImageSizes { get; init; }

    /// <summary>Counts a data set. References to unknown images or categories count nowhere but in the totals.</summary>
    /// <param name="dataset">The data set.</param>
    public static DatasetStatistics Of(CocoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        CocoAnnotation[] objects = [.. dataset.Annotations.Where(a => a.IsCrowd != true)];
        ILookup<long, CocoAnnotation> byImage = dataset.Annotations.ToLookup(a => a.ImageId);
        ILookup<long, CocoAnnotation> byCategory = dataset.Annotations.ToLookup(a => a.CategoryId);
        return new DatasetStatistics
        {
            Images = dataset.Images.Count,
            Annotations = dataset.Annotations.Count,
            Crowds = dataset.Annotations.Count - objects.Length,
            WithKeypoints = dataset.Annotations.Count(a => a.Keypoints is not null),
            ImagesWithoutAnnotations = dataset.Images.Count(image => !byImage.Contains(image.Id)),
            Categories = [.. dataset.Categories.Select(category => Count(category, byCategory[category.Id]))],
            Areas = new AreaCounts(
                objects.Count(o => o.Area < 1024),
                objects.Count(o => o.Area is >= 1024 and < 9216),
                objects.Count(o => o.Area >= 9216),
                objects.Count(o => o.Area is null)),
            Segmentations = new SegmentationCounts(
                dataset.Annotations.Count(a => a.Segmentation is null),
                dataset.Annotations.Count(a => a.Segmentation is Segmentation.Polygons),
                dataset.Annotations.Count(a => a.Segmentation is Segmentation.UncompressedRle),
                dataset.Annotations.Count(a => a.Segmentation is Segmentation.CompressedRle)),
            ObjectsPerImage = Spread.Of(dataset.Images.Select(image => byImage[image.Id].Count(a => a.IsCrowd != true))),
            Widths = Spread.Of(dataset.Images.Select(image => image.Width)),
            Heights = Spread.Of(dataset.Images.Select(image => image.Height)),
            ImageSizes =
            [
                .. dataset.Images.CountBy(image => (image.Width, image.Height))
                    .Select(size => new ImageSizeCount(size.Key.Width, size.Key.Height, size.Value))
                    .OrderByDescending(size => size.Images).ThenBy(size => size.Width).ThenBy(size => size.Height),
            ],
        };
    }

    private static CategoryCount Count(CocoCategory category, IEnumerable<CocoAnnotation> annotations)
    {
        int objects = 0, crowds = 0;
        var images = new HashSet<long>();
        foreach (CocoAnnotation annotation in annotations)
        {
            images.Add(annotation.ImageId);
            if (annotation.IsCrowd == true) crowds++;
            else objects++;
        }
        return new CategoryCount(category.Id, category.Name, images.Count, objects, crowds);
    }
}
