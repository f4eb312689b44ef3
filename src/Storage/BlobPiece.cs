namespace MaskRcnn.Storage;

/// <summary>A piece of a blob that is composed of others: a version of a blob of the same store, or some bytes.</summary>
public sealed record BlobPiece
{
    private BlobPiece()
    {
    }

    /// <summary>The blob whose bytes these are; null for bytes of one's own.</summary>
    public string? Name { get; private init; }

    /// <summary>The blob's version.</summary>
    public string ETag { get; private init; } = "";

    /// <summary>All bytes of the blob.</summary>
    public long Size { get; private init; }

    /// <summary>Its first byte that is taken; the others follow to its end.</summary>
    public long Start { get; private init; }

    /// <summary>Bytes of one's own; empty for a blob.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>How many bytes the piece adds.</summary>
    public long Length => Name is null ? Bytes.Length : Size - Start;

    /// <summary>A blob, which must be this version and of this size.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="eTag">Its version.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="start">How many of them to leave out at the beginning.</param>
    public static BlobPiece Of(string name, string eTag, long size, long start = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(eTag);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, size);
        return new BlobPiece { Name = name, ETag = eTag, Size = size, Start = start };
    }

    /// <summary>A few bytes of one's own, such as the end of an archive.</summary>
    /// <param name="bytes">The bytes; kept, not copied.</param>
    public static BlobPiece Of(ReadOnlyMemory<byte> bytes) => new() { Bytes = bytes };
}
