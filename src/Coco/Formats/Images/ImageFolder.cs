using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Coco.Formats.Images;

/// <summary>The images in a folder and its subfolders, by their name without ending.</summary>
internal sealed class ImageFolder
{
    private readonly Dictionary<string, string> _files = [];

    /// <exception cref="DatasetContentException">There is no such folder, or two images differ only in their ending.</exception>
    public ImageFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new DatasetContentException(folder, "no such folder", "a folder of images");
        Folder = folder;
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(ImageFile.HasImageEnding);
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (!_files.TryAdd(Stem(name), name))
                throw new DatasetContentException(
                    folder, $"images \"{_files[Stem(name)]}\" and \"{name}\", which would have one label file",
                    "names that differ in more than their ending");
        }
    }

    public string Folder { get; }

    /// <summary>All images, relative to the folder, in ordinal order.</summary>
    public IEnumerable<string> Names => _files.Values;

    /// <summary>The image with this name without ending, or null.</summary>
    public string? Find(string stem) => _files.GetValueOrDefault(stem);

    /// <summary>A relative name without its ending.</summary>
    public static string Stem(string name) => Path.ChangeExtension(name, null).Replace('\\', '/');
}
