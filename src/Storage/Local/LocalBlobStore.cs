using System.Runtime.CompilerServices;
using MaskRcnn.Storage.Local.Native;

namespace MaskRcnn.Storage.Local;

/// <summary>
/// Blobs as plain files below a folder of Linux. Files and folders whose name begins with a dot are not listed. All work is
/// done on the calling thread. See docs/storage.md for what it guarantees.
/// </summary>
public sealed class LocalBlobStore : IBlobStore
{
    private readonly LocalOptions _options;

    /// <summary>The blobs below a folder; it is made by the first write.</summary>
    /// <param name="folder">Its path.</param>
    public LocalBlobStore(string folder)
        : this(folder, new LocalOptions())
    {
    }

    internal LocalBlobStore(string folder, LocalOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("Local folders as blob stores need Linux; use blob storage (az://…) here.");
        Location = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _options = options;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>Deletes temporary files that killed writers left behind; those of writers that live are kept.</summary>
    /// <returns>How many were deleted.</returns>
    public int Sweep() => LocalSweep.Run(Location);

    /// <summary>Deletes folders without anything in them, the root too: deleted blobs leave their folders behind.</summary>
    public void RemoveEmptyFolders()
    {
        if (Directory.Exists(Location)) RemoveIfEmpty(new DirectoryInfo(Location));

        static void RemoveIfEmpty(DirectoryInfo folder)
        {
            foreach (DirectoryInfo below in folder.EnumerateDirectories().Where(d => d.LinkTarget is null)) RemoveIfEmpty(below);
            try
            {
                if (!folder.EnumerateFileSystemInfos().Any()) folder.Delete();
            }
            catch (IOException)
            {
                // Somebody has put a blob there meanwhile.
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        BlobName.CheckPrefix(Location, prefix);
        await Task.CompletedTask;
        var page = new List<BlobInfo>();
        foreach (BlobInfo blob in new LocalListing(Location, prefix, after?.Name, _options.Within).Blobs())
        {
            cancellation.ThrowIfCancellationRequested();
            page.Add(blob);
            if (page.Count < pageSize) continue;
            yield return new BlobPage(page, new ListPosition(blob.Name));
            page = new List<BlobInfo>(Math.Min(pageSize, 4096));
        }
        if (page.Count > 0) yield return new BlobPage(page, new ListPosition(page[^1].Name));
    }

    /// <inheritdoc/>
    public Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation) => Finished.Task(
        () =>
        {
            BlobName.Check(Location, name);
            if (_options.Within is not null && File.Exists(Path.Join(Location, name))) new LocalRead(Location, name, ifMatch: null, _options.Within).Dispose();
            int errno = FileVersion.TryOf(Path.Join(Location, name), withAttempt: true, out FileVersion version);
            // No file can be called so here: there is none.
            if (errno is Errno.NameTooLong or Errno.TooManyLinks) return null;
            if (errno is Errno.AccessDenied) throw new BlobRefusedException(Location, name, Errno.Describe(errno));
            if (errno is not (0 or Errno.NotFound or Errno.NotAFolder)) throw new BlobException(Location, name, Errno.Describe(errno));
            return errno == 0 && version.Stat.IsFile ? new BlobInfo(name, version.Stat.Size, version.ETag) { Attempt = version.Attempt } : null;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => Finished.Task(() => Read(name, options), cancellation);

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => Finished.Task<Stream>(
        () =>
        {
            BlobName.Check(Location, name);
            var file = new LocalRead(Location, name, options?.IfMatch, _options.Within);
            (long start, long length) = BlobRange.Of(options, file.Version.Stat.Size);
            return new LocalReadStream(file, start, length);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        Finished.Task(
            () =>
            {
                BlobName.Check(Location, name);
                AttemptId.Check(attempt);
                // Most writers of a name that is taken learn it here, without writing anything.
                if (condition.IfAbsent && FileVersion.TryOf(Path.Join(Location, name), withAttempt: false, out _) == 0) return LocalWrite.Refused(Location, name, attempt);
                using var write = new LocalWrite(Location, name, attempt, _options);
                write.Write(content.Span, 0);
                return write.Commit(condition);
            },
            cancellation);

    /// <inheritdoc/>
    public Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        Finished.Task<BlobWriteStream>(
            () =>
            {
                BlobName.Check(Location, name);
                AttemptId.Check(attempt);
                return new LocalWriteStream(new LocalWrite(Location, name, attempt, _options), condition);
            },
            cancellation);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation) => Finished.Task(
        () =>
        {
            BlobName.Check(Location, name);
            LocalDelete.Run(Location, name, ifMatch);
            return true;
        },
        cancellation);

    private BlobContent Read(string name, BlobReadOptions? options)
    {
        BlobName.Check(Location, name);
        for (int tries = 1; ; tries++)
        {
            using var file = new LocalRead(Location, name, options?.IfMatch, _options.Within);
            (long start, long length) = BlobRange.Of(options, file.Version.Stat.Size);
            if (length > Array.MaxLength) throw new BlobException(Location, name, $"{length} bytes are too many to read at once. Open it as a stream.");
            byte[] data = GC.AllocateUninitializedArray<byte>((int)length);
            int read = file.Read(data, start);
            try
            {
                file.CheckUnchanged();
            }
            catch (BlobChangedException) when (options?.IfMatch is null && tries < 10)
            {
                // Somebody overwrites it in place just now: any whole version will do.
                continue;
            }
            return new BlobContent(read == data.Length ? data : data[..read], file.Version.ETag);
        }
    }
}
