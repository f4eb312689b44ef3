namespace MaskRcnn.Coco.Datasets;

/// <summary>Files that are there whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes to a temporary file in the same folder and renames it over <paramref name="path"/>; removes it on failure.</summary>
    /// <param name="path">The file; its folder is made if missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written, for instance on a full disk.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (FileStream stream = File.Create(temporary, 1 << 16)) write(stream);
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
