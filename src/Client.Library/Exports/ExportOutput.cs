using System.Security.Cryptography;
using MaskRcnn.Storage;

namespace MaskRcnn.Client.Exports;

/// <summary>
/// Writes an export's files, whole or not at all. Without <paramref name="overwrite"/> a file that is there stays: it must hold
/// the same bytes, so that an export that was cut off can be repeated, and nothing else is lost.
/// </summary>
/// <param name="store">Where to.</param>
/// <param name="overwrite">Whether files that are there are replaced.</param>
internal sealed class ExportOutput(IBlobStore store, bool overwrite)
{
    private const int Tries = 3;
    private const int BufferSize = 1 << 16;

    private readonly string _attempt = $"export-{Guid.NewGuid():N}";
    private long _files, _bytes, _unchanged;

    /// <summary>Where it is, without secrets.</summary>
    public string Location => store.Location;

    public long Files => _files;

    public long Bytes => _bytes;

    public long Unchanged => _unchanged;

    private WriteCondition Condition => overwrite ? WriteCondition.None : WriteCondition.Absent;

    /// <summary>A small file as it is now; null when there is none.</summary>
    public async Task<byte[]?> FindAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await store.FindAsync(name, cancellation).ConfigureAwait(false) is null ? null : (await store.ReadAsync(name, null, cancellation).ConfigureAwait(false)).Data;
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether a file is there.</summary>
    public async Task<bool> HasAsync(string name, CancellationToken cancellation) => await store.FindAsync(name, cancellation).ConfigureAwait(false) is not null;

    /// <summary>A file's place as it is shown.</summary>
    public string Shown(string name) => BlobUri.Join(store.Location, name);

    public Task DeleteAsync(string name, CancellationToken cancellation) => store.DeleteAsync(name, null, cancellation);

    /// <summary>Writes a small file. May be called by many threads.</summary>
    /// <exception cref="ExportExistsException">Another is there.</exception>
    public async Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        for (int tries = 0; tries < Tries; tries++)
        {
            WriteResult result = await store.WriteAsync(name, content, Condition, _attempt, cancellation).ConfigureAwait(false);
            if (result.IsMine)
            {
                Count(content.Length, isUnchanged: false);
                return;
            }
            if (result.Outcome == WriteOutcome.Anothers && !overwrite)
            {
                await CheckSameAsync(name, content.Length, SHA256.HashData(content.Span), cancellation).ConfigureAwait(false);
                return;
            }
        }
        throw Unknown(name);
    }

    /// <summary>Begins a large file; nothing of it is seen before <see cref="ExportFile.CommitAsync"/>.</summary>
    public async Task<ExportFile> BeginAsync(string name, CancellationToken cancellation)
    {
        // Where one is, what would be written is compared with it.
        bool compare = !overwrite && await HasAsync(name, cancellation).ConfigureAwait(false);
        return new ExportFile(this, name, compare ? null : await store.OpenWriteAsync(name, Condition, _attempt, cancellation).ConfigureAwait(false));
    }

    internal async Task CommitAsync(string name, BlobWriteStream? blob, long length, byte[] hash, CancellationToken cancellation)
    {
        WriteResult? result = blob is null ? null : await blob.CommitAsync(cancellation).ConfigureAwait(false);
        bool isMine = result is { IsMine: true }
            || (result is { Outcome: WriteOutcome.Unknown } && (await store.FindAsync(name, cancellation).ConfigureAwait(false))?.Attempt == _attempt);
        if (isMine) Count(length, isUnchanged: false);
        else if (overwrite) throw Unknown(name);
        else await CheckSameAsync(name, length, hash, cancellation).ConfigureAwait(false);
    }

    private async Task CheckSameAsync(string name, long length, byte[] hash, CancellationToken cancellation)
    {
        BlobInfo? found = await store.FindAsync(name, cancellation).ConfigureAwait(false);
        if (found is null) throw Unknown(name);
        if (found.Size != length || !(await HashAsync(found, cancellation).ConfigureAwait(false)).SequenceEqual(hash))
            throw new ExportExistsException(Shown(name), $"{Shown(name)} is there already and holds something else than this export. Export to another place, or replace it with --overwrite.");
        Count(length, isUnchanged: true);
    }

    private async Task<byte[]> HashAsync(BlobInfo blob, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[(int)Math.Clamp(blob.Size, 1, BufferSize)];
        Stream stream = await store.OpenReadAsync(blob.Name, new BlobReadOptions { IfMatch = blob.ETag }, cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0) hash.AppendData(buffer.AsSpan(0, read));
        }
        return hash.GetHashAndReset();
    }

    private void Count(long length, bool isUnchanged)
    {
        Interlocked.Increment(ref _files);
        Interlocked.Add(ref _bytes, length);
        if (isUnchanged) Interlocked.Increment(ref _unchanged);
    }

    private BlobException Unknown(string name) => new(store.Location, name, "nobody knows whether it was written: answers were lost. Export again.");
}
