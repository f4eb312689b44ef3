namespace MaskRcnn.Client.Results;

/// <summary>A file of a result, as its manifest lists it.</summary>
/// <param name="Name">Its name below <c>result/</c>, such as <c>masks.tar</c> or <c>index/00000000.json</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of the bytes, lower-case hexadecimal; null for a file that the store put together: see <see cref="Pieces"/>.</param>
public sealed record ResultFile(string Name, long Size, string? Sha256)
{
    /// <summary>Of a file that the store put together: what it was put together of, in order. Null for others.</summary>
    public IReadOnlyList<ResultPiece>? Pieces { get; init; }

    /// <summary>The version that was written; copies of the file have others.</summary>
    public string? ETag { get; init; }
}

/// <summary>A piece of a file that the store put together of the parts that workers wrote.</summary>
/// <param name="Size">Its bytes in the file.</param>
/// <param name="Sha256">Hash of the worker's part, lower-case hexadecimal: of <paramref name="Cut"/> and then the piece's bytes.</param>
/// <param name="Cut">What the part begins with and the file does not have; null for nothing.</param>
public sealed record ResultPiece(long Size, string Sha256, string? Cut = null);
