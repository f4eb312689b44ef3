using System.Text.Encodings.Web;
using System.Text.Json;

namespace MaskRcnn.Coco.Datasets;

/// <summary>Writes data sets and results, compact, streaming. Numbers are written so that they read back to the same double.</summary>
public static class CocoWriter
{
    // File names and categories in any script stay readable; the text is JSON, not HTML.
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const int FlushBytes = 1 << 16;

    /// <summary>Writes a data set to a new file beside <paramref name="path"/> and renames it, so that no half-written file is ever there.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="dataset">What to write.</param>
    /// <param name="cancellationToken">Stops the write; the file is then as it was before.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteDataset(string path, CocoDataset dataset, CancellationToken cancellationToken = default) =>
        AtomicFile.Write(path, stream => WriteDataset(stream, dataset), cancellationToken);

    /// <summary>Writes a results file to a new file beside <paramref name="path"/> and renames it.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="results">The detections.</param>
    /// <param name="cancellationToken">Stops the write; the file is then as it was before.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteResults(string path, IEnumerable<CocoAnnotation> results, CancellationToken cancellationToken = default) =>
        AtomicFile.Write(path, stream => WriteResults(stream, results), cancellationToken);

    /// <summary>Writes a data set.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="dataset">What to write.</param>
    public static void WriteDataset(Stream stream, CocoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        ExtraMembers.Write(json, dataset.Extra);
        WriteArray(json, "images", dataset.Images, WriteImage);
        WriteArray(json, "annotations", dataset.Annotations, WriteAnnotation);
        WriteArray(json, "categories", dataset.Categories, WriteCategory);
        json.WriteEndObject();
    }

    /// <summary>Writes a results file, one detection after the other.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="results">The detections; enumerated once.</param>
    public static void WriteResults(Stream stream, IEnumerable<CocoAnnotation> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartArray();
        foreach (CocoAnnotation result in results)
        {
            WriteAnnotation(json, result);
            if (json.BytesPending > FlushBytes) json.Flush();
        }
        json.WriteEndArray();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> elements, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T element in elements)
        {
            write(json, element);
            if (json.BytesPending > FlushBytes) json.Flush();
        }
        json.WriteEndArray();
    }

    internal static void WriteImage(Utf8JsonWriter json, CocoImage image)
    {
        json.WriteStartObject();
        json.WriteNumber("id", image.Id);
        json.WriteString("file_name", image.FileName);
        if (image.Height > 0) json.WriteNumber("height", image.Height);
        if (image.Width > 0) json.WriteNumber("width", image.Width);
        ExtraMembers.Write(json, image.Extra);
        json.WriteEndObject();
    }

    internal static void WriteCategory(Utf8JsonWriter json, CocoCategory category)
    {
        json.WriteStartObject();
        json.WriteNumber("id", category.Id);
        json.WriteString("name", category.Name);
        if (category.Supercategory is not null) json.WriteString("supercategory", category.Supercategory);
        ExtraMembers.Write(json, category.Extra);
        json.WriteEndObject();
    }

    internal static void WriteAnnotation(Utf8JsonWriter json, CocoAnnotation annotation)
    {
        json.WriteStartObject();
        if (annotation.Id is { } id) json.WriteNumber("id", id);
        json.WriteNumber("image_id", annotation.ImageId);
        json.WriteNumber("category_id", annotation.CategoryId);
        if (annotation.Box is { } box) WriteNumbers(json, "bbox", [box.X, box.Y, box.Width, box.Height]);
        if (annotation.Area is { } area) json.WriteNumber("area", area);
        if (annotation.IsCrowd is { } crowd) json.WriteNumber("iscrowd", crowd ? 1 : 0);
        if (annotation.Score is { } score) json.WriteNumber("score", score);
        if (annotation.Segmentation is { } segmentation) WriteSegmentation(json, segmentation);
        if (annotation.NumKeypoints is { } count) json.WriteNumber("num_keypoints", count);
        if (annotation.Keypoints is { } keypoints) WriteNumbers(json, "keypoints", keypoints);
        ExtraMembers.Write(json, annotation.Extra);
        json.WriteEndObject();
    }

    private static void WriteSegmentation(Utf8JsonWriter json, Segmentation segmentation)
    {
        json.WritePropertyName("segmentation");
        switch (segmentation)
        {
            case Segmentation.Polygons polygons:
                json.WriteStartArray();
                foreach (double[] part in polygons.Parts) WriteNumbers(json, null, part);
                json.WriteEndArray();
                break;
            case Segmentation.UncompressedRle rle:
                WriteRleStart(json, rle.Height, rle.Width);
                json.WriteStartArray("counts");
                foreach (uint count in rle.Counts) json.WriteNumberValue(count);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case Segmentation.CompressedRle rle:
                WriteRleStart(json, rle.Height, rle.Width);
                json.WriteString("counts", rle.Counts);
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteRleStart(Utf8JsonWriter json, long height, long width)
    {
        json.WriteStartObject();
        json.WriteStartArray("size");
        json.WriteNumberValue(height);
        json.WriteNumberValue(width);
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string? name, ReadOnlySpan<double> numbers)
    {
        if (name is null) json.WriteStartArray();
        else json.WriteStartArray(name);
        foreach (double number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
