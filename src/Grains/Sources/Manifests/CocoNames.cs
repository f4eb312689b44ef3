using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Grains.Sources.Manifests;

/// <summary>The images of a COCO file: their names and ids.</summary>
internal static class CocoNames
{
    /// <summary>Reads them.</summary>
    /// <exception cref="Coco.Json.CocoFormatException">It is no COCO file.</exception>
    /// <exception cref="SourceException">An image has no name.</exception>
    public static void Read(SourceFile file, Action<NamedImage> add, CancellationToken stop)
    {
        long number = 0;
        foreach (CocoImage image in CocoReader.ReadImages(file.Shown, () => file.Open(stop), stop))
        {
            number++;
            if (image.FileName.Length == 0) throw new SourceException(file.Shown, $"image {number}, of id {image.Id}, has no file_name; expected a path below the images' root.");
            add(new NamedImage(ImageName.Normal(image.FileName), number, image.Id));
        }
        if (number == 0) throw new SourceException(file.Shown, "it has no images; expected a COCO file with \"images\". If it is a list of names, say --source manifest.");
    }
}
