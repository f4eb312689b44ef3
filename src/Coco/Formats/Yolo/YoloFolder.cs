using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Coco.Formats.Yolo;

/// <summary>Where a YOLO data set's texts, images and names lie.</summary>
/// <param name="Labels">The folder of text files.</param>
/// <param name="Images">The folder of images; a text's image has the same relative name.</param>
/// <param name="Names">The file with the class names, or null.</param>
internal sealed record YoloFolder(string Labels, string Images, string? Names)
{
    public const string ClassesFile = "classes.txt";

    private static readonly string[] NameFiles = [ClassesFile, "data.yaml", "data.yml"];

    /// <summary>
    /// Finds the folders: <c>labels</c> and <c>images</c> in the given one, or <c>images</c> in place of the last
    /// <c>labels</c> of its path, or all files in it.
    /// </summary>
    /// <exception cref="DatasetContentException">There is no such folder.</exception>
    public static YoloFolder Find(string folder, string? images)
    {
        if (!Directory.Exists(folder)) throw new DatasetContentException(folder, "no such folder", "a folder of YOLO text files");
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string labels = Directory.Exists(Path.Combine(full, "labels")) && Directory.Exists(Path.Combine(full, "images")) ? Path.Combine(full, "labels") : full;
        string? beside = InPlaceOfLabels(labels);
        return new YoloFolder(labels, images ?? (Directory.Exists(beside) ? beside : labels), FindNames(labels));
    }

    private static string? InPlaceOfLabels(string labels)
    {
        string[] parts = labels.Split(Path.DirectorySeparatorChar);
        int last = Array.LastIndexOf(parts, "labels");
        if (last < 0) return null;
        parts[last] = "images";
        return string.Join(Path.DirectorySeparatorChar, parts);
    }

    // Names lie beside the texts, or above labels/ and labels/train/.
    private static string? FindNames(string labels)
    {
        string? folder = labels;
        for (int level = 0; level < 3 && folder is not null; level++, folder = Path.GetDirectoryName(folder))
        {
            string? names = NameFiles.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
            if (names is not null) return names;
        }
        return null;
    }
}
