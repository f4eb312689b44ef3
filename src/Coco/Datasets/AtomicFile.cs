using System.Collections.Concurrent;

namespace MaskRcnn.Coco.Datasets;

/// <summary>Files that are there whole or not at all.</summary>
public static class AtomicFile
{
    private static readonly ConcurrentDictionary<string, bool> Unfinished = new();

    static AtomicFile() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (string temporary in Unfinished.Keys) File.Delete(temporary);
    };

    /// <summary>
    /// Writes to a temporary file in the same folder and renames it over <paramref name="path"/>; removes it on failure.
    /// Behind a symbolic link the link's target is replaced; its permissions stay. Devices are written to directly.
    /// </summary>
    /// <param name="path">The file; its folder is made if missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cancellationToken">Stops the write; the file is then as it was before.</param>
    /// <exception cref="IOException">The file cannot be written, for instance on a full disk.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Write(string path, Action<Stream> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        if (!IsDevice(target) && new FileInfo(target).LinkTarget is not null) target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        if (IsDevice(target))
        {
            using var device = new FileStream(target, FileMode.Open, FileAccess.Write);
            write(new CancellableStream(device, cancellationToken));
            return;
        }
        string folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        Unfinished[temporary] = true;
        try
        {
            using (FileStream stream = File.Create(temporary, 1 << 16)) write(new CancellableStream(stream, cancellationToken));
            if (!OperatingSystem.IsWindows() && File.Exists(target)) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            cancellationToken.ThrowIfCancellationRequested();
            File.Move(temporary, target, overwrite: true);
        }
        catch (IOException exception)
        {
            File.Delete(temporary);
            throw new IOException(exception.Message.Replace(temporary, target, StringComparison.Ordinal), exception);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        finally
        {
            Unfinished.TryRemove(temporary, out _);
        }
    }

    /// <summary>Whether the path is one of the system's own, where a file must not take the place of what is there. What is in memory is a folder like others.</summary>
    private static bool IsDevice(string path) =>
        (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)) || path.StartsWith("/proc/", StringComparison.Ordinal);
}
