namespace MaskRcnn.Client.Results;

/// <summary>A file of a result, as its manifest lists it.</summary>
/// <param name="Name">Its name below <c>result/</c>, such as <c>masks.tar</c> or <c>index/00000000.json</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of the bytes, lower-case hexadecimal.</param>
public sealed record ResultFile(string Name, long Size, string Sha256)
{
    /// <summary>The version that was written; copies of the file have others.</summary>
    public string? ETag { get; init; }
}
