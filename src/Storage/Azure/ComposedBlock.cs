using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MaskRcnn.Storage.Azure;

/// <summary>A block of a composed blob: (a range of) a piece.</summary>
/// <param name="Id">
/// A hash of what is in it and where it stands, as long as ids of <see cref="AzureWriteStream"/>. So a try that goes on after
/// another finds what that one has sent, and two that run at once send the same.
/// </param>
/// <param name="Piece">The piece.</param>
/// <param name="Start">First byte of the piece's blob.</param>
/// <param name="Length">Bytes.</param>
internal sealed record ComposedBlock(string Id, BlobPiece Piece, long Start, long Length)
{
    private const int IdBytes = 24;

    /// <summary>Whether it is all of its piece's blob.</summary>
    public bool IsWhole => Start == 0 && Length == Piece.Size;

    /// <summary>Cuts pieces into blocks; bytes that follow each other are put together, and nothing is no block.</summary>
    public static List<ComposedBlock> Cut(IEnumerable<BlobPiece> pieces, long mostBytes)
    {
        List<ComposedBlock> blocks = [];
        foreach (BlobPiece piece in Joined(pieces))
        {
            for (long start = piece.Start, end = piece.Start + piece.Length; start < end; start += mostBytes)
                blocks.Add(Of(blocks.Count, piece, start, Math.Min(mostBytes, end - start)));
        }
        return blocks;
    }

    /// <summary>The same block as the n-th of another blob.</summary>
    public ComposedBlock As(int number) => Of(number, Piece, Start, Length);

    private static ComposedBlock Of(int number, BlobPiece piece, long start, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}\n{piece.Name}\n{piece.ETag}\n{start}\n{length}\n")));
        hash.AppendData(piece.Bytes.Span);
        return new ComposedBlock(Convert.ToBase64String(hash.GetHashAndReset(), 0, IdBytes), piece, start, length);
    }

    private static IEnumerable<BlobPiece> Joined(IEnumerable<BlobPiece> pieces)
    {
        byte[] own = [];
        foreach (BlobPiece piece in pieces.Where(piece => piece.Length > 0))
        {
            if (piece.Name is null)
            {
                own = [.. own, .. piece.Bytes.Span];
                continue;
            }
            if (own.Length > 0) yield return BlobPiece.Of(own);
            own = [];
            yield return piece;
        }
        if (own.Length > 0) yield return BlobPiece.Of(own);
    }
}
