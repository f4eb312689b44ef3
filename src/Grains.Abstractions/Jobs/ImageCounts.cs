namespace MaskRcnn.Grains.Jobs;

/// <summary>Images of a job or a part of it.</summary>
/// <param name="Total">Listed so far.</param>
/// <param name="Done">With a committed result.</param>
/// <param name="Failed">With a committed error.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.image-counts")]
public readonly record struct ImageCounts([property: Id(0)] long Total, [property: Id(1)] long Done, [property: Id(2)] long Failed)
{
    /// <summary>Those still to come: done, failed and left always sum to the total.</summary>
    public long Left => Total - Done - Failed;

    /// <summary>The sum of two.</summary>
    public static ImageCounts operator +(ImageCounts a, ImageCounts b) => new(a.Total + b.Total, a.Done + b.Done, a.Failed + b.Failed);
}
