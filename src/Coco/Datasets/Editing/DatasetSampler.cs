namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>Takes some images of a data set at random.</summary>
public static class DatasetSampler
{
    /// <summary>
    /// Takes <paramref name="count"/> images, each set of them equally likely, with their annotations. Images and
    /// annotations keep the file's order; all categories, <c>info</c> and <c>licenses</c> are kept.
    /// </summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="count">How many images, 1 up to those that there are.</param>
    /// <param name="seed">
    /// The same seed gives the same images: the first <paramref name="count"/> positions of a Fisher-Yates shuffle
    /// drawn with <c>System.Random(seed)</c>. A larger sample of the same seed holds the smaller one.
    /// </param>
    /// <exception cref="DatasetContentException">There are fewer images, two with one id, or an annotation of an unknown image.</exception>
    public static CocoDataset Sample(string file, CocoDataset dataset, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count > dataset.Images.Count)
            throw new DatasetContentException(
                file, $"{dataset.Images.Count} images, fewer than the {count} asked for", "a count up to the number of images");
        DatasetSelection.CheckImageIds(file, dataset);
        return DatasetSelection.Take(dataset, DatasetSelection.Shuffle(dataset.Images.Count, seed).Take(count));
    }
}
