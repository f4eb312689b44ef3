using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Images;
using MaskRcnn.Coco.Formats.Masks;
using MaskRcnn.Coco.Json;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.Panoptic;

/// <summary>Reads a panoptic file and its PNGs: each segment becomes an object, stuff too.</summary>
internal static class PanopticReader
{
    /// <param name="file">The JSON file.</param>
    /// <param name="pngFolder">Where the PNGs are; if null, the folder named like the file, or the file's own.</param>
    /// <param name="tally">Counts segments without a pixel.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <exception cref="CocoFormatException">The JSON is malformed.</exception>
    /// <exception cref="DatasetContentException">A PNG is not one, or does not agree with the file.</exception>
    public static CocoDataset Read(string file, string? pngFolder, ConversionTally tally, CancellationToken cancellationToken)
    {
        (CocoDataset dataset, List<PanopticAnnotation> annotations) = ReadJson(JsonSource.File(file), cancellationToken);
        string usual = PanopticWriter.FolderOf(file);
        string folder = pngFolder ?? (Directory.Exists(usual) ? usual : Path.GetDirectoryName(usual)!);
        var images = new Dictionary<long, CocoImage>();
        foreach (CocoImage image in dataset.Images) images.TryAdd(image.Id, image);
        var objects = new List<CocoAnnotation>();
        foreach (PanopticAnnotation annotation in annotations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!images.TryGetValue(annotation.ImageId, out CocoImage? image))
                throw new DatasetContentException(
                    file, $"an annotation with \"image_id\" {annotation.ImageId}", $"one of the file's {images.Count} images");
            string path = RelativeNames.Within(folder, annotation.FileName, file, $"the annotation of image {image.Id}");
            foreach ((PanopticSegment segment, Rle mask) in Masks(path, image, annotation, tally))
                objects.Add(AnnotationMask.ToAnnotation(mask, objects.Count + 1, image.Id, segment.CategoryId, segment.IsCrowd));
        }
        return dataset with { Annotations = objects };
    }

    private static IEnumerable<(PanopticSegment, Rle)> Masks(string path, CocoImage image, PanopticAnnotation annotation, ConversionTally tally)
    {
        LabelImage ids = PanopticColor.Read(path);
        if (ids.Height != image.Height || ids.Width != image.Width)
            throw new DatasetContentException(path, $"{ids.Width} × {ids.Height} pixels", $"the {image.Width} × {image.Height} of image {image.Id}");
        SortedDictionary<uint, Rle> masks = LabelMasks.Of(ids);
        var known = new HashSet<uint>();
        foreach (PanopticSegment segment in annotation.Segments)
        {
            if (!known.Add(segment.Id))
                throw new DatasetContentException(
                    path, $"two segments with the id {segment.Id} in image {image.Id}", "each segment's own id");
            if (masks.TryGetValue(segment.Id, out Rle? mask))
            {
                yield return (segment, mask);
                continue;
            }
            tally.ObjectsIn++;
            tally.SkippedEmptyMasks++;
        }
        foreach (uint id in masks.Keys)
        {
            if (!known.Contains(id))
                throw new DatasetContentException(
                    path, $"pixels of the segment {id}", $"only the {known.Count} segments of image {image.Id}'s \"segments_info\"");
        }
    }

    private static (CocoDataset Dataset, List<PanopticAnnotation> Annotations) ReadJson(JsonSource source, CancellationToken cancellationToken)
    {
        var images = new List<CocoImage>();
        var categories = new List<CocoCategory>();
        var annotations = new List<PanopticAnnotation>();
        var extra = new List<ExtraMember>();
        foreach (object part in source.Parse(batch => ParseBatch(source, batch), cancellationToken))
        {
            switch (part)
            {
                case List<CocoImage> some:
                    images.AddRange(some);
                    break;
                case List<CocoCategory> some:
                    categories.AddRange(some);
                    break;
                case List<PanopticAnnotation> some:
                    annotations.AddRange(some);
                    break;
                case ExtraMember member:
                    extra.Add(member);
                    break;
            }
        }
        return (new CocoDataset { Images = images, Categories = categories, Extra = extra }, annotations);
    }

    private static object ParseBatch(JsonSource source, JsonBatch batch) => batch.Section switch
    {
        "images" => CocoReader.ParseElements(source, batch, ImageParser.Parse),
        "categories" => CocoReader.ParseElements(source, batch, CategoryParser.Parse),
        "annotations" => CocoReader.ParseElements(source, batch, PanopticParser.Parse),
        "" => throw source.Error(0, null, "an array", "a panoptic file: an object with \"images\", \"annotations\" and \"categories\""),
        _ => CocoReader.ParseElements(source, batch, element => new ExtraMember(batch.Section, Checked(element)))[0],
    };

    private static byte[] Checked(ReadOnlySpan<byte> element)
    {
        var json = new System.Text.Json.Utf8JsonReader(element);
        while (json.Read())
        {
        }
        return element.ToArray();
    }
}
