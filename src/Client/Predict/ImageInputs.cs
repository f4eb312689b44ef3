using MaskRcnn.Client.CommandLine;
using MaskRcnn.Detection.Images;

namespace MaskRcnn.Client.Predict;

/// <summary>The image files behind <c>--input</c>: files, folders with their subfolders, and patterns.</summary>
/// <param name="Images">Each file once, in ordinal order of its relative path.</param>
/// <param name="Skipped">Files of folders and patterns that have another ending than an image.</param>
/// <param name="Empty">Folders and patterns in which there is no image.</param>
internal sealed record ImageInputs(IReadOnlyList<ImageInput> Images, int Skipped, IReadOnlyList<string> Empty)
{
    /// <summary>
    /// Finds the files. A file that is named is always taken; of folders and patterns those that end as images do.
    /// Names that begin with a dot count only where a pattern says so.
    /// </summary>
    /// <param name="paths">Files, folders, and patterns with <c>*</c>, <c>?</c> and <c>**</c>.</param>
    /// <exception cref="CommandException">A path does not exist, or there is no image at all.</exception>
    public static ImageInputs Find(IReadOnlyList<string> paths)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        var others = new HashSet<string>(StringComparer.Ordinal);
        var roots = new List<string>();
        var empty = new List<string>();
        foreach (string path in paths)
        {
            string full = Path.GetFullPath(path);
            if (File.Exists(full))
            {
                files.Add(full);
                roots.Add(Path.GetDirectoryName(full)!);
                continue;
            }
            PathPattern pattern = Directory.Exists(full) ? PathPattern.AllOf(full)
                : PathPattern.IsPattern(path) ? PathPattern.Parse(full)
                : throw NotFound($"{path} does not exist; expected an image file, a folder or a pattern.", path);
            roots.Add(pattern.Root);
            bool any = false;
            foreach (string file in FolderWalk.Files(pattern))
            {
                bool isImage = ImageEndings.Has(file);
                (isImage ? files : others).Add(file);
                any |= isImage;
            }
            if (!any) empty.Add(path);
        }
        int skipped = others.Count(file => !files.Contains(file));
        if (files.Count == 0) throw Nothing(paths, skipped);
        string common = CommonFolder(roots);
        IEnumerable<ImageInput> images = files.Select(file => new ImageInput(file, Path.GetRelativePath(common, file).Replace(Path.DirectorySeparatorChar, '/')));
        return new ImageInputs([.. images.OrderBy(image => image.RelativePath, StringComparer.Ordinal)], skipped, empty);
    }

    /// <summary>The same without what lies in a folder: an earlier run's overlays are no images to predict on.</summary>
    public ImageInputs Without(string folder)
    {
        string prefix = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        ImageInput[] rest = [.. Images.Where(image => !image.FullPath.StartsWith(prefix, StringComparison.Ordinal))];
        return rest.Length > 0
            ? this with { Images = rest, Skipped = Skipped + Images.Count - rest.Length }
            : throw NotFound($"Every image given lies in the output folder {folder}; expected others.", folder);
    }

    private static CommandException Nothing(IReadOnlyList<string> paths, int skipped)
    {
        string others = skipped == 0 ? "" : $", only {skipped} other files";
        string names = string.Join(", ", paths);
        return paths.Count == 0
            ? CommandException.Usage("There is no input; expected --input with image files, folders or patterns.")
            : NotFound($"There is no image in {names}{others}; expected files that end in {string.Join(", ", ImageEndings.All)}.", names);
    }

    private static CommandException NotFound(string message, string path) =>
        new(ExitCode.Error, "not_found", message) { Details = new Dictionary<string, object> { ["file"] = path } };

    /// <summary>The deepest folder that holds all the folders.</summary>
    private static string CommonFolder(List<string> folders)
    {
        string common = folders[0];
        foreach (string folder in folders)
        {
            while (!IsWithin(folder, common)) common = Path.GetDirectoryName(common) ?? Path.GetPathRoot(common)!;
        }
        return common;
    }

    private static bool IsWithin(string folder, string ancestor) =>
        folder == ancestor || folder.StartsWith(Path.EndsInDirectorySeparator(ancestor) ? ancestor : ancestor + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
