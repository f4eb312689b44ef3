namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>Draws images of a data set at random, the same for the same seed.</summary>
internal static class DatasetSelection
{
    /// <summary>
    /// The positions 0 … count - 1 in random order: a Fisher-Yates shuffle, drawn with <see cref="Random"/> of the
    /// seed, whose numbers .NET keeps the same in all versions.
    /// </summary>
    public static int[] Shuffle(int count, int seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        var random = new Random(seed);
        for (int i = 0; i < count - 1; i++)
        {
            int j = random.Next(i, count);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    /// <summary>Checks that every annotation belongs to one image, so that none is lost.</summary>
    /// <exception cref="DatasetContentException">Two images have one id, or an annotation is of an unknown image.</exception>
    public static void CheckImageIds(string file, CocoDataset dataset)
    {
        var ids = new HashSet<long>();
        foreach (CocoImage image in dataset.Images)
        {
            if (!ids.Add(image.Id)) throw new DatasetContentException(file, $"the id {image.Id} is that of two images", "each image's own id");
        }
        CocoAnnotation? lost = dataset.Annotations.FirstOrDefault(a => !ids.Contains(a.ImageId));
        if (lost is not null)
            throw new DatasetContentException(
                file, $"annotation {lost.Id}: \"image_id\" is {lost.ImageId}",
                $"one of the data set's {ids.Count} images ('maskrcnn coco validate' lists all such annotations)");
    }

    /// <summary>The images at some positions with their annotations, both in the file's order, and all categories.</summary>
    public static CocoDataset Take(CocoDataset dataset, IEnumerable<int> positions)
    {
        CocoImage[] images = [.. positions.Order().Select(p => dataset.Images[p])];
        HashSet<long> ids = [.. images.Select(image => image.Id)];
        return dataset with { Images = images, Annotations = [.. dataset.Annotations.Where(a => ids.Contains(a.ImageId))] };
    }
}
