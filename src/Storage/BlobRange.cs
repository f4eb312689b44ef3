namespace MaskRcnn.Storage;

/// <summary>The part of a blob that a reader asks for.</summary>
internal static class BlobRange
{
    /// <summary>Where it begins and how long it is, cut to what there is.</summary>
    public static (long Start, long Length) Of(BlobReadOptions? options, long size)
    {
        if (options is null) return (0, size);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Offset);
        if (options.Length is { } asked) ArgumentOutOfRangeException.ThrowIfNegative(asked);
        long start = Math.Min(options.Offset, size);
        return (start, Math.Min(options.Length ?? long.MaxValue, size - start));
    }
}
