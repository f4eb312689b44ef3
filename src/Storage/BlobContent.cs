namespace MaskRcnn.Storage;

/// <summary>A blob's bytes.</summary>
/// <param name="Data">The bytes, or the range that was asked for.</param>
/// <param name="ETag">The version that was read.</param>
public sealed record BlobContent(byte[] Data, string ETag);

/// <summary>What to read of a blob.</summary>
public sealed record BlobReadOptions
{
    /// <summary>First byte; default 0.</summary>
    public long Offset { get; init; }

    /// <summary>Most bytes; null for all. A range beyond the end gives what there is.</summary>
    public long? Length { get; init; }

    /// <summary>Only this version; null for any.</summary>
    public string? IfMatch { get; init; }
}
