namespace MaskRcnn.Detection.Prediction;

/// <summary>Which of the decoded images that wait for the model go to it together: images of one padded size.</summary>
internal static class NextBatch
{
    /// <summary>The first batch that is full, otherwise the oldest image and those of its size: no batch is waited for until it fills up.</summary>
    /// <param name="waiting">The images, oldest first; at least one.</param>
    /// <param name="most">Most images in a batch.</param>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> waiting, int most) where T : PipelineSlot
    {
        if (most <= 1)
            return [waiting[0]];
        IGrouping<(int, int), T>[] groups = [.. waiting.GroupBy(image => image.PaddedSize)];
        return [.. (groups.FirstOrDefault(group => group.Count() >= most) ?? groups[0]).Take(most)];
    }
}
