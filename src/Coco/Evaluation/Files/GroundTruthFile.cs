using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>What evaluation needs of an instances or keypoints file, its references checked.</summary>
internal sealed class GroundTruthFile
{
    public required JsonSource Source { get; init; }

    public required AnnotationTable Annotations { get; init; }

    /// <summary>Size and file name of each image.</summary>
    public required Dictionary<long, (int Height, int Width, string FileName)> Images { get; init; }

    /// <summary>Names by id, ascending.</summary>
    public required SortedDictionary<long, string> Categories { get; init; }

    public List<string> Warnings { get; } = [];

    /// <exception cref="CocoFormatException">The file is malformed, or refers to images or categories that it does not hold.</exception>
    public static GroundTruthFile Read(JsonSource source, CancellationToken cancellationToken)
    {
        var images = new Dictionary<long, (int, int, string)>();
        var categories = new SortedDictionary<long, string>();
        var chunks = new List<AnnotationChunk>();
        int repeated = 0;
        bool any = false;
        foreach (object part in source.Parse(batch => Parse(source, batch), cancellationToken, JsonRoot.Object))
        {
            switch (part)
            {
                case List<CocoImage> some:
                    foreach (CocoImage image in some)
                    {
                        if (!images.TryAdd(image.Id, (image.Height, image.Width, image.FileName)))
                        {
                            images[image.Id] = (image.Height, image.Width, image.FileName);
                            repeated++;
                        }
                    }
                    break;
                case List<CocoCategory> some:
                    foreach (CocoCategory category in some)
                    {
                        if (categories.ContainsKey(category.Id)) repeated++;
                        categories[category.Id] = category.Name;
                    }
                    break;
                case AnnotationChunk chunk:
                    chunks.Add(chunk);
                    break;
            }
            any = true;
        }
        if (!any) throw source.Error(0, null, "an empty object or array", "a data set: an object with \"images\", \"annotations\" and \"categories\"");
        var file = new GroundTruthFile { Source = source, Annotations = new AnnotationTable(chunks), Images = images, Categories = categories };
        if (repeated > 0) file.Warnings.Add($"{source.Name}: {repeated} images or categories repeat an id; the last of each is used.");
        file.CheckReferences();
        return file;
    }

    private static object Parse(JsonSource source, JsonBatch batch) => batch.Section switch
    {
        "images" => CocoReader.ParseElements(source, batch, ImageParser.Parse),
        "categories" => CocoReader.ParseElements(source, batch, CategoryParser.Parse),
        "annotations" => AnnotationChunk.Parse(source, batch),
        _ => batch.Section,
    };

    private void CheckReferences()
    {
        var broken = new BrokenReferences(Source);
        var ids = new HashSet<long>((int)Math.Min(Annotations.Count, int.MaxValue));
        int withoutCrowd = 0, withoutArea = 0;
        foreach (AnnotationTable.Place place in Annotations.Places())
        {
            ref readonly AnnotationRow row = ref Annotations.Row(place);
            if (row.Id is not { } id) throw Source.Error(row.FileOffset, null, "an annotation without \"id\"", "a whole number");
            if (!ids.Add(id)) broken.Add(row, "its id a second time", "ids to be unique");
            if (!Images.ContainsKey(row.ImageId)) broken.Add(row, $"image_id {row.ImageId}", "an image of the file");
            if (!Categories.ContainsKey(row.CategoryId)) broken.Add(row, $"category_id {row.CategoryId}", "a category of the file");
            if (row.IsCrowd is null) withoutCrowd++;
            if (row.Area is null) withoutArea++;
        }
        broken.ThrowIfAny();
        if (withoutCrowd > 0) Warnings.Add($"{Source.Name}: {withoutCrowd} annotations have no \"iscrowd\"; it is taken as 0.");
        if (withoutArea > 0) Warnings.Add($"{Source.Name}: {withoutArea} annotations have no \"area\"; it is computed from the mask, else the box.");
    }
}
