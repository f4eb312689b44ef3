using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>A piece of a file that the store composed: what is known of its bytes without reading them.</summary>
/// <param name="Size">Its bytes in the file.</param>
/// <param name="Sha256">Hash of the shard's part, from its commit record: of <paramref name="Cut"/> and the piece's bytes after it.</param>
/// <param name="Cut">What the part begins with and the file does not have; null for nothing.</param>
internal sealed record ResultPiece(long Size, string Sha256, string? Cut = null)
{
    /// <summary>A part, from its commit record.</summary>
    /// <param name="leaf">The shard.</param>
    /// <param name="part">The part.</param>
    /// <param name="cut">What to leave out at its beginning.</param>
    public static (BlobPiece Blob, ResultPiece Piece) Of(Leaf leaf, LeafPart part, string? cut)
    {
        int start = cut?.Length ?? 0;
        return (BlobPiece.Of(leaf.Blob(part), part.ETag, part.Size, start), new ResultPiece(part.Size - start, Convert.ToHexStringLower(part.Sha256), cut));
    }

    /// <summary>Bytes that are in no part.</summary>
    public static (BlobPiece Blob, ResultPiece Piece) Of(byte[] bytes) => (BlobPiece.Of(bytes), new ResultPiece(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));

    /// <summary>
    /// The attempt that composes these pieces: a hash of them. So a file that an earlier reduction, which died or is a zombie, has
    /// composed of the same is known by it, and not read.
    /// </summary>
    public static string Attempt(IEnumerable<ResultPiece> pieces)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ResultPiece piece in pieces)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{piece.Size} {piece.Sha256} {piece.Cut}\n")));
        return "composed-" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
