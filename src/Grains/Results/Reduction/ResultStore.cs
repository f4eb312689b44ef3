using System.Security.Cryptography;
using System.Text.Json.Serialization;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// Writes the result's files, each put-if-absent. Where an earlier reduction, which died or is a zombie, has left one, that
/// one counts: a blob is there whole or not at all.
/// </summary>
internal sealed class ResultStore(IBlobStore store, string attempt, CancellationToken cancellation)
{
    private const int ComposeTries = 3;

    private readonly List<ResultFile> _files = [];

    /// <summary>What has been written so far, in order.</summary>
    public IReadOnlyList<ResultFile> Files => _files;

    /// <summary>Whether the store's server puts files together of parts.</summary>
    public bool Composes => store.ComposesOnServer;

    /// <summary>Has the store's server put a file together; one that is there must be of the same pieces.</summary>
    /// <param name="name">Its name below the result.</param>
    /// <param name="pieces">Its pieces.</param>
    /// <exception cref="ReductionException">A part is missing, changed or of another size, or another file is there.</exception>
    public void Compose(string name, IReadOnlyList<(BlobPiece Blob, ResultPiece Piece)> pieces)
    {
        string composition = ResultPiece.Attempt(pieces.Select(p => p.Piece));
        WriteResult result = new(WriteOutcome.Unknown, null);
        for (int tries = 0; tries < ComposeTries && result.Outcome == WriteOutcome.Unknown; tries++)
        {
            cancellation.ThrowIfCancellationRequested();
            result = TryCompose(name, [.. pieces.Select(p => p.Blob)], composition);
        }
        if (result.Outcome == WriteOutcome.Anothers)
        {
            throw new ReductionException(
                $"{store.Location.TrimEnd('/')}/{JobLayout.Result}{name} is there already, and was not put together of this job's parts. Something else wrote it. Delete the blob and reduce again.");
        }
        Add(result is { IsMine: true, ETag: { } eTag }
            ? new ResultFile(name, pieces.Sum(p => p.Piece.Size), null, eTag) { Pieces = [.. pieces.Select(p => p.Piece)] }
            : throw new BlobException(store.Location, JobLayout.Result + name, "nobody knows whether it was written: answers were lost. Reduce again."));
    }

    /// <summary>Begins a file that is a function of collection, model and parameters alone: one that is there must be the same.</summary>
    /// <param name="name">Its name below the result.</param>
    public ResultWriter Begin(string name)
    {
        bool exists = Find(name) is not null;
        BlobWriteStream? blob = exists ? null : store.OpenWriteAsync(JobLayout.Result + name, WriteCondition.Absent, attempt, cancellation).GetAwaiter().GetResult();
        return new ResultWriter(this, name, blob);
    }

    /// <summary>Writes a small file that is a function of collection, model and parameters alone.</summary>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        using ResultWriter writer = Begin(name);
        writer.Stream.Write(content);
        writer.Complete();
    }

    /// <summary>Writes a file that depends on the run, or takes the one that is there.</summary>
    /// <param name="name">Its name below the result.</param>
    /// <param name="write">Writes it.</param>
    public void WriteOrTake(string name, Action<Stream> write)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Find(name) is { } earlier)
        {
            Add(Hashed(name, earlier));
            return;
        }
        using BlobWriteStream blob = store.OpenWriteAsync(JobLayout.Result + name, WriteCondition.Absent, attempt, cancellation).GetAwaiter().GetResult();
        using var stream = new HashingStream(blob);
        write(stream);
        string hash = stream.Finish();
        WriteResult result = blob.CommitAsync(cancellation).GetAwaiter().GetResult();
        Add(result is { IsMine: true, ETag: { } eTag } ? new ResultFile(name, stream.Length, hash, eTag) : Hashed(name, Existing(name)));
    }

    internal void Commit(string name, BlobWriteStream? blob, long length, string hash)
    {
        cancellation.ThrowIfCancellationRequested();
        if (blob?.CommitAsync(cancellation).GetAwaiter().GetResult() is { IsMine: true, ETag: { } eTag })
        {
            Add(new ResultFile(name, length, hash, eTag));
            return;
        }
        ResultFile found = Hashed(name, Existing(name));
        if (found.Sha256 != hash)
        {
            throw new ReductionException(
                $"{store.Location.TrimEnd('/')}/{JobLayout.Result}{name} is there already, with {found.Size} bytes and SHA-256 {found.Sha256}; expected {length} bytes and SHA-256 {hash}. "
                + "Something else wrote or changed it. Delete the blob and reduce again.");
        }
        Add(found);
    }

    private WriteResult TryCompose(string name, IReadOnlyList<BlobPiece> pieces, string composition)
    {
        try
        {
            return store.ComposeAsync(JobLayout.Result + name, pieces, WriteCondition.Absent, composition, cancellation).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is BlobNotFoundException or BlobChangedException or BlobSizeException)
        {
            throw new ReductionException($"{exception.Message} A shard's commit record names this part. Restore the blob, or run the job again.", exception);
        }
    }

    private BlobInfo? Find(string name) => store.FindAsync(JobLayout.Result + name, cancellation).GetAwaiter().GetResult();

    private BlobInfo Existing(string name) => Find(name)
        ?? throw new BlobException(store.Location, JobLayout.Result + name, "nobody knows whether it was written: the answer was lost, and it is not there now. Reduce again.");

    private ResultFile Hashed(string name, BlobInfo blob)
    {
        using Stream stream = store.OpenReadAsync(blob.Name, new BlobReadOptions { IfMatch = blob.ETag }, cancellation).GetAwaiter().GetResult();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[PartReader.BlockSize];
        long length = 0;
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, read));
            length += read;
        }
        return new ResultFile(name, length, Convert.ToHexStringLower(hash.GetHashAndReset()), blob.ETag);
    }

    private void Add(ResultFile file) => _files.Add(file);
}

/// <summary>A file of the result.</summary>
/// <param name="Name">Its name below the result.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of the bytes, lower-case hexadecimal; null where <see cref="Pieces"/> have theirs.</param>
/// <param name="ETag">Its version in the store.</param>
internal sealed record ResultFile(string Name, long Size, string? Sha256, [property: JsonPropertyName("etag")] string ETag)
{
    /// <summary>For a file that the store put together: its pieces, in their order, with the hash of each.</summary>
    public IReadOnlyList<ResultPiece>? Pieces { get; init; }
}

/// <summary>A file of the result that is being written; without <see cref="Complete"/> nothing is left of it.</summary>
internal sealed class ResultWriter(ResultStore results, string name, BlobWriteStream? blob) : IDisposable
{
    private readonly HashingStream _stream = new(blob ?? Stream.Null);

    /// <summary>Where to write.</summary>
    public Stream Stream => _stream;

    /// <summary>Makes the file visible, or compares it with the one that is there.</summary>
    public void Complete()
    {
        string hash = _stream.Finish();
        results.Commit(name, blob, _stream.Length, hash);
    }

    public void Dispose()
    {
        _stream.Dispose();
        blob?.Dispose();
    }
}
