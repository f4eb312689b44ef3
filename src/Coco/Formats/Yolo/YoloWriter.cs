using System.Text;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Masks;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.Yolo;

/// <summary>Writes a YOLO text an image and <c>classes.txt</c>; the classes are the categories in the file's order.</summary>
internal static class YoloWriter
{
    /// <exception cref="DatasetContentException">A mask does not decode, or a name cannot be written.</exception>
    public static void Write(
        string file, CocoDataset dataset, ImageObjects objects, string folder, ConversionTally tally, CancellationToken cancellationToken)
    {
        ImageObjects.CheckSizes(file, dataset);
        string[] paths = RelativeNames.ForImages(file, folder, dataset.Images, ".txt");
        string classes = Path.Combine(folder, YoloFolder.ClassesFile);
        int taken = Array.FindIndex(paths, path => string.Equals(path, classes, StringComparison.OrdinalIgnoreCase));
        if (taken >= 0)
            throw new DatasetContentException(
                file, $"image {dataset.Images[taken].Id}: its text would be {YoloFolder.ClassesFile}",
                "another name, as that is the file of class names");
        CheckNames(file, dataset.Categories);
        Dictionary<long, int> classOf = dataset.Categories.Index().ToDictionary(c => c.Item.Id, c => c.Index);
        AtomicFile.Write(classes, stream => WriteLines(stream, dataset.Categories.Select(c => c.Name)), cancellationToken);
        for (int i = 0; i < paths.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CocoImage image = dataset.Images[i];
            List<string> lines = [.. objects.Of(image).Select(a => Line(file, a, image, classOf[a.CategoryId], tally)).OfType<string>()];
            tally.ObjectsOut += lines.Count;
            AtomicFile.Write(paths[i], stream => WriteLines(stream, lines), cancellationToken);
        }
    }

    private static void CheckNames(string file, IReadOnlyList<CocoCategory> categories)
    {
        foreach (CocoCategory category in categories)
        {
            if (category.Name.Trim().Length == 0 || category.Name.Any(char.IsControl))
                throw new DatasetContentException(file, $"category {category.Id}: its name has no or several lines", "a name of one line");
        }
    }

    private static string? Line(string file, CocoAnnotation annotation, CocoImage image, int classNumber, ConversionTally tally)
    {
        if (annotation.IsCrowd == true)
        {
            tally.SkippedCrowds++;
            return null;
        }
        Rle? mask = AnnotationMask.Of(file, annotation, image.Height, image.Width);
        double[]? values = mask is null ? Box(annotation, image, tally) : Ring(annotation, mask, image, tally);
        if (values is null) return null;
        if (AnnotationMask.HasOtherMembers(annotation)) tally.LostMembers++;
        return YoloLine.Of(classNumber, values, image.Width, image.Height);
    }

    private static double[]? Box(CocoAnnotation annotation, CocoImage image, ConversionTally tally)
    {
        if (annotation.Box is not { Width: > 0, Height: > 0 } box)
        {
            tally.SkippedWithoutMask++;
            return null;
        }
        tally.WithoutMask++;
        return YoloLine.Box(box, image.Width, image.Height);
    }

    private static double[]? Ring(CocoAnnotation annotation, Rle mask, CocoImage image, ConversionTally tally)
    {
        if (mask.Area == 0)
        {
            tally.SkippedEmptyMasks++;
            return null;
        }
        YoloRing ring = YoloRing.Of(annotation.Segmentation!, mask, image);
        if (ring.LostHoles) tally.LostHoles++;
        if (ring.LostParts) tally.LostParts++;
        return ring.Points;
    }

    private static void WriteLines(Stream stream, IEnumerable<string> lines)
    {
        foreach (string line in lines) stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }
}
