using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Images;
using MaskRcnn.Coco.Formats.Masks;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.LabelMap;

/// <summary>Reads a folder of label maps: one object a number, whether in one place or several.</summary>
internal static class LabelMapReader
{
    private static readonly string[] Endings = [".png", ".tif", ".tiff"];

    public static bool IsLabelMap(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <param name="folder">The label maps, also in subfolders.</param>
    /// <param name="imageFolder">Where the images are that the label maps belong to, or null to name the label maps themselves.</param>
    /// <param name="categoriesFile">A file with one category, or null for the category <c>object</c>.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <exception cref="DatasetContentException">A label map is not one, or does not fit its image.</exception>
    public static CocoDataset Read(string folder, string? imageFolder, string? categoriesFile, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) throw new DatasetContentException(folder, "no such folder", "a folder of PNG or TIFF label maps");
        CocoCategory category = Category(categoriesFile, cancellationToken);
        ImageFolder? named = imageFolder is null ? null : new ImageFolder(imageFolder);
        var images = new List<CocoImage>();
        var names = new HashSet<string>();
        var annotations = new List<CocoAnnotation>();
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsLabelMap).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            LabelImage labels = LabelImageFile.Read(path);
            string name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (named is not null) name = ImageOf(path, name, labels, named);
            if (!names.Add(name)) throw new DatasetContentException(path, $"a second label map of the image \"{name}\"", "one label map an image");
            var image = new CocoImage { Id = images.Count + 1, FileName = name, Height = labels.Height, Width = labels.Width };
            images.Add(image);
            foreach (Rle mask in LabelMasks.Of(labels).Values)
                annotations.Add(AnnotationMask.ToAnnotation(mask, annotations.Count + 1, image.Id, category.Id, isCrowd: false));
        }
        return new CocoDataset { Images = images, Annotations = annotations, Categories = [category] };
    }

    private static CocoCategory Category(string? categoriesFile, CancellationToken cancellationToken)
    {
        if (categoriesFile is null) return new CocoCategory { Id = 1, Name = "object" };
        IReadOnlyList<CocoCategory> categories = CategoriesFile.Read(categoriesFile, cancellationToken);
        return categories.Count == 1
            ? categories[0]
            : throw new DatasetContentException(
                categoriesFile, $"{categories.Count} categories, and label maps do not say which an object has", "one category");
    }

    private static string ImageOf(string path, string name, LabelImage labels, ImageFolder images)
    {
        string image = images.Find(ImageFolder.Stem(name)) ?? throw new DatasetContentException(
            path, $"a label map without an image in {images.Folder}", "an image of the same name");
        (int width, int height) = ImageFile.ReadSize(Path.Combine(images.Folder, image));
        return (width, height) == (labels.Width, labels.Height)
            ? image
            : throw new DatasetContentException(path, $"{labels.Width} × {labels.Height} pixels", $"the {width} × {height} of the image \"{image}\"");
    }
}
