using System.Globalization;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Images;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.Yolo;

/// <summary>
/// Reads YOLO texts: a class number and the points of a polygon, or the centre and size of a box, in parts of the
/// image's size. An image without a text has no objects.
/// </summary>
internal static class YoloReader
{
    // Tools write points a rounding error outside of the image.
    private const double Tolerance = .01;

    /// <exception cref="DatasetContentException">A line is not an object, a text has no image, or there are no class names.</exception>
    public static CocoDataset Read(string folder, string? imageFolder, string? categoriesFile, CancellationToken cancellationToken)
    {
        YoloFolder places = YoloFolder.Find(folder, imageFolder);
        IReadOnlyList<CocoCategory> categories = categoriesFile is not null ? CategoriesFile.Read(categoriesFile, cancellationToken)
            : places.Names is not null ? YoloNames.Read(places.Names)
            : throw new DatasetContentException(folder, "no classes.txt and no data.yaml", "class names there, or in a categories file");
        var named = new ImageFolder(places.Images);
        Dictionary<string, string> texts = Texts(places.Labels);
        foreach ((string stem, string text) in texts)
        {
            if (named.Find(stem) is null)
                throw new DatasetContentException(
                    text, $"a text without an image in {places.Images}",
                    "an image of the same name, whose size the text's numbers are parts of");
        }
        var images = new List<CocoImage>();
        var annotations = new List<CocoAnnotation>();
        foreach (string name in named.Names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int width, int height) = ImageFile.ReadSize(Path.Combine(places.Images, name));
            var image = new CocoImage { Id = images.Count + 1, FileName = name, Height = height, Width = width };
            images.Add(image);
            if (!texts.TryGetValue(ImageFolder.Stem(name), out string? text)) continue;
            int line = 0;
            foreach (string content in File.ReadLines(text))
            {
                line++;
                if (!string.IsNullOrWhiteSpace(content)) annotations.Add(Parse(
                    text, line, content, image, categories) with { Id = annotations.Count + 1 });
            }
        }
        return new CocoDataset { Images = images, Annotations = annotations, Categories = categories };
    }

    private static Dictionary<string, string> Texts(string labels)
    {
        var texts = new Dictionary<string, string>();
        foreach (string path in Directory.EnumerateFiles(labels, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(labels, path);
            if (name != YoloFolder.ClassesFile) texts.Add(ImageFolder.Stem(name), path);
        }
        return texts;
    }

    private static CocoAnnotation Parse(string path, int line, string content, CocoImage image, IReadOnlyList<CocoCategory> categories)
    {
        string[] fields = content.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        double index = Number(fields[0]);
        if (!(index >= 0 && index < categories.Count && index == Math.Floor(index)))
            throw Error($"the class \"{fields[0]}\"", $"0 to {categories.Count - 1}, the number of one of the {categories.Count} classes");
        if (fields.Length < 5 || fields.Length % 2 == 0)
            throw Error($"{fields.Length} numbers", "a class and x, y of at least 3 points, or a class and a box's centre x, y, width, height");
        var values = new double[fields.Length - 1];
        for (int i = 0; i < values.Length; i++)
        {
            double value = Number(fields[i + 1]);
            if (!(value >= -Tolerance && value <= 1 + Tolerance)) throw Error($"\"{fields[i + 1]}\"", "a part of the image's size, 0 to 1");
            values[i] = value * (i % 2 == 0 ? image.Width : image.Height);
        }
        var annotation = new CocoAnnotation { ImageId = image.Id, CategoryId = categories[(int)index].Id, IsCrowd = false };
        return values.Length == 4 ? WithBox(annotation, values) : WithPolygon(annotation, values, image);

        double Number(string field) => double.TryParse(
            field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

        DatasetContentException Error(string found, string expected) => new(path, $"line {line}: {found}", expected);
    }

    private static CocoAnnotation WithBox(CocoAnnotation annotation, double[] box) =>
        annotation with { Box = new BoundingBox(box[0] - box[2] / 2, box[1] - box[3] / 2, box[2], box[3]), Area = box[2] * box[3] };

    private static CocoAnnotation WithPolygon(CocoAnnotation annotation, double[] polygon, CocoImage image)
    {
        Rle mask = PolygonRasterizer.Rasterize(polygon, image.Height, image.Width);
        return annotation with { Segmentation = new Segmentation.Polygons([polygon]), Box = mask.BoundingBox, Area = mask.Area };
    }
}
