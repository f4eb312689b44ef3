using System.Security.Cryptography;
using System.Text;

namespace MaskRcnn.Client.Results;

/// <summary>Compares a file's bytes, as they come, with what the manifest says: with its hash, or with those of its pieces.</summary>
internal sealed class ResultCheck : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ResultFile _file;
    private readonly IReadOnlyList<ResultPiece> _pieces;
    private int _piece;
    private long _left;
    private long _size;
    private string? _fault;

    public ResultCheck(ResultFile file)
    {
        _file = file;
        _pieces = file.Pieces ?? [new ResultPiece(file.Size, file.Sha256 ?? "no hash")];
        Begin();
        EndPieces();
    }

    /// <summary>The next bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _size += bytes.Length;
        while (bytes.Length > 0 && _piece < _pieces.Count)
        {
            int count = (int)Math.Min(bytes.Length, _left);
            _hash.AppendData(bytes[..count]);
            _left -= count;
            bytes = bytes[count..];
            EndPieces();
        }
    }

    /// <summary>After the last bytes: what is wrong, as the end of a sentence; null if all is right.</summary>
    public string? Fault()
    {
        if (_size != _file.Size || _piece < _pieces.Count) return $"has {_size} bytes; the manifest says {_file.Size}";
        return _fault;
    }

    public void Dispose() => _hash.Dispose();

    private void Begin()
    {
        if (_piece == _pieces.Count) return;
        _left = _pieces[_piece].Size;
        if (_pieces[_piece].Cut is { } cut) _hash.AppendData(Encoding.UTF8.GetBytes(cut));
    }

    private void EndPieces()
    {
        for (; _left <= 0 && _piece < _pieces.Count; Begin())
        {
            string sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset()), expected = _pieces[_piece].Sha256;
            if (!string.Equals(sha256, expected, StringComparison.OrdinalIgnoreCase))
                _fault ??= $"has SHA-256 {sha256}{(_file.Pieces is null ? "" : $" in its piece {_piece}")}; the manifest says {expected}";
            _piece++;
        }
    }
}
