using System.Text.Json;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Datasets;

/// <summary>
/// Reads instances, keypoints and results files, in parallel and without holding their text.
/// Only the form is checked here; what the content refers to is the validator's.
/// </summary>
public static class CocoReader
{
    /// <summary>Reads a data set.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="CocoFormatException">The file is malformed; the message gives file, line, byte and annotation.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CocoDataset ReadDataset(string path, CancellationToken cancellationToken = default) => ReadDataset(JsonSource.File(path), cancellationToken);

    /// <summary>Reads a data set from wherever it is.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="open">Opens it; called again, for the place of an error.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="CocoFormatException">It is malformed; the message gives name, byte and annotation.</exception>
    public static CocoDataset ReadDataset(string name, Func<Stream> open, CancellationToken cancellationToken = default) => ReadDataset(new JsonSource(name, open), cancellationToken);

    /// <summary>Reads the images of a data set one after the other on the calling thread, in little memory. Of everything else only the brackets are looked at.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="open">Opens it; called again, for the place of an error.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="CocoFormatException">It is malformed; the message gives name and byte.</exception>
    public static IEnumerable<CocoImage> ReadImages(string name, Func<Stream> open, CancellationToken cancellationToken = default)
    {
        var source = new JsonSource(name, open);
        return source.Each(batch => batch.Section == "images" ? ParseElements(source, batch, ImageParser.Parse) : [], cancellationToken, JsonRoot.Object).SelectMany(images => images);
    }

    /// <summary>Reads a results file: an array of detections.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="CocoFormatException">The file is malformed; the message gives file, line and byte.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<CocoAnnotation> ReadResults(string path, CancellationToken cancellationToken = default) => ReadResults(JsonSource.File(path), cancellationToken);

    internal static CocoDataset ReadDataset(JsonSource source, CancellationToken cancellationToken)
    {
        var images = new List<CocoImage>();
        var annotations = new List<CocoAnnotation>();
        var categories = new List<CocoCategory>();
        var extra = new List<ExtraMember>();
        foreach (object part in source.Parse(batch => ParseDatasetBatch(source, batch), cancellationToken, JsonRoot.Object))
        {
            switch (part)
            {
                case List<CocoImage> some:
                    images.AddRange(some);
                    break;
                case List<CocoAnnotation> some:
                    annotations.AddRange(some);
                    break;
                case List<CocoCategory> some:
                    categories.AddRange(some);
                    break;
                case ExtraMember member:
                    extra.Add(member);
                    break;
            }
        }
        return new CocoDataset { Images = images, Annotations = annotations, Categories = categories, Extra = extra };
    }

    internal static IReadOnlyList<CocoAnnotation> ReadResults(JsonSource source, CancellationToken cancellationToken) =>
        [.. source.Parse(batch => ParseAnnotations(source, batch), cancellationToken, JsonRoot.Array).SelectMany(part => part)];

    private static object ParseDatasetBatch(JsonSource source, JsonBatch batch) => batch.Section switch
    {
        "images" => ParseElements(source, batch, ImageParser.Parse),
        "categories" => ParseElements(source, batch, CategoryParser.Parse),
        "annotations" => ParseAnnotations(source, batch),
        _ => new ExtraMember(batch.Section, CheckedJson(source, batch)),
    };

    private static byte[] CheckedJson(JsonSource source, JsonBatch batch)
    {
        try
        {
            var json = new Utf8JsonReader(batch.Element(0));
            while (json.Read())
            {
            }
            return batch.Element(0).ToArray();
        }
        catch (JsonException exception)
        {
            throw source.Locate(batch, 0, exception);
        }
    }

    internal delegate T ElementParser<out T>(ReadOnlySpan<byte> element);

    internal static List<T> ParseElements<T>(JsonSource source, JsonBatch batch, ElementParser<T> parse)
    {
        var parsed = new List<T>(batch.Count);
        for (int i = 0; i < batch.Count; i++)
        {
            try
            {
                parsed.Add(parse(batch.Element(i)));
            }
            catch (Exception exception) when (JsonLocation.IsElementError(exception))
            {
                throw source.Locate(batch, i, exception);
            }
        }
        return parsed;
    }

    private static List<CocoAnnotation> ParseAnnotations(JsonSource source, JsonBatch batch)
    {
        var parser = new AnnotationParser(keepExtra: true);
        return ParseElements(source, batch, element =>
        {
            parser.Parse(element);
            return ToAnnotation(parser.Fields, element);
        });
    }

    private static CocoAnnotation ToAnnotation(AnnotationFields fields, ReadOnlySpan<byte> element)
    {
        var extra = new ExtraMember[fields.Extra.Count];
        for (int i = 0; i < extra.Length; i++)
        {
            (string name, int start, int length) = fields.Extra[i];
            extra[i] = new ExtraMember(name, element.Slice(start, length).ToArray());
        }
        return new CocoAnnotation
        {
            Id = fields.Id,
            ImageId = fields.ImageId ?? throw new JsonElementException(0, "no \"image_id\"", "the id of an image") { AnnotationId = fields.Id },
            CategoryId = fields.CategoryId ?? throw new JsonElementException(0, "no \"category_id\"", "the id of a category") { AnnotationId = fields.Id },
            Segmentation = ToSegmentation(fields),
            Box = fields.Box,
            Area = fields.Area,
            IsCrowd = fields.IsCrowd,
            Score = fields.Score,
            Keypoints = fields.HasKeypoints ? [.. fields.Keypoints] : null,
            NumKeypoints = fields.NumKeypoints,
            Extra = extra,
        };
    }

    private static Segmentation? ToSegmentation(AnnotationFields fields)
    {
        switch (fields.Segmentation)
        {
            case SegmentationKind.Polygons:
                var parts = new List<double[]>(fields.PartEnds.Count);
                int start = 0;
                foreach (int end in fields.PartEnds)
                {
                    parts.Add([.. fields.Coordinates[start..end]]);
                    start = end;
                }
                return new Segmentation.Polygons(parts);
            case SegmentationKind.UncompressedRle:
                return new Segmentation.UncompressedRle(fields.MaskHeight, fields.MaskWidth, [.. fields.Counts]);
            case SegmentationKind.CompressedRle:
                return new Segmentation.CompressedRle(fields.MaskHeight, fields.MaskWidth, System.Text.Encoding.UTF8.GetString(fields.Compressed));
            default:
                return null;
        }
    }
}
