using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Coco.Formats;

/// <summary>Turns names that stand in files into paths within a folder, never out of it.</summary>
internal static class RelativeNames
{
    /// <summary>The path of a file that another file names.</summary>
    /// <param name="folder">The folder that the name is relative to.</param>
    /// <param name="name">The name; subfolders are allowed, with / or \.</param>
    /// <param name="source">The file that has the name, for messages.</param>
    /// <param name="owner">What has the name, for instance <c>image 7</c>.</param>
    /// <exception cref="DatasetContentException">The name is absolute, leads out of the folder or is none.</exception>
    public static string Within(string folder, string name, string source, string owner)
    {
        if (!FileNames.StayInside(name))
            throw new DatasetContentException(
                source, $"{owner}: the file name is \"{Printable(name)}\"", "a relative name that stays within its folder");
        return Path.Combine([folder, .. name.Split('/', '\\').Where(p => p is not ("" or "."))]);
    }

    /// <summary>
    /// The output path of each image: its name within the folder, with another ending. Checked for all images
    /// before the first is written.
    /// </summary>
    /// <exception cref="DatasetContentException">A name leads out of the folder, or two images would have one file.</exception>
    public static string[] ForImages(string source, string folder, IReadOnlyList<CocoImage> images, string ending)
    {
        var owners = new Dictionary<string, CocoImage>(StringComparer.OrdinalIgnoreCase);
        var paths = new string[images.Count];
        for (int i = 0; i < paths.Length; i++)
        {
            paths[i] = Path.ChangeExtension(Within(folder, images[i].FileName, source, $"image {images[i].Id}"), ending);
            if (owners.TryAdd(paths[i], images[i])) continue;
            CocoImage other = owners[paths[i]];
            throw new DatasetContentException(
                source,
                $"images {other.Id} (\"{other.FileName}\") and {images[i].Id} (\"{images[i].FileName}\") would both be written to {Path.GetRelativePath(folder, paths[i])}",
                "names that differ in more than their ending");
        }
        return paths;
    }

    private static string Printable(string name) => string.Concat(name.Take(200).Select(c => char.IsControl(c) ? '?' : c));
}
