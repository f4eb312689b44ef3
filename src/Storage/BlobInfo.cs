namespace MaskRcnn.Storage;

/// <summary>A blob as a listing shows it.</summary>
/// <param name="Name">Its name below the store's root.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">Changes with every write of the blob; survives restarts.</param>
public sealed record BlobInfo(string Name, long Size, string ETag)
{
    /// <summary>The attempt that wrote it (see <see cref="IBlobStore.WriteAsync"/>); null for foreign blobs, and in listings.</summary>
    public string? Attempt { get; init; }
}
