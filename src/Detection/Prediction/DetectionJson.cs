using System.Text.Json;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Prediction;

/// <summary>Detections in COCO's results format.</summary>
public static class DetectionJson
{
    /// <summary>One JSON object a detection, in UTF-8.</summary>
    /// <param name="detections">An image's detections.</param>
    /// <param name="imageId">The image's id.</param>
    /// <param name="categories">The category id of each label of the network.</param>
    public static IReadOnlyList<byte[]> Lines(ImageDetections detections, long imageId, IReadOnlyDictionary<int, long> categories)
    {
        byte[][] lines = new byte[detections.Instances.Count][];
        if (lines.Length == 0) return lines;
        using var stream = new MemoryStream();
        using var json = new Utf8JsonWriter(stream);
        for (int i = 0; i < lines.Length; i++)
        {
            stream.SetLength(0);
            json.Reset();
            DetectedInstance instance = detections.Instances[i];
            WriteInstance(json, instance, categories[instance.Label], before: writer => writer.WriteNumber("image_id", imageId));
            json.Flush();
            lines[i] = stream.ToArray();
        }
        return lines;
    }

    /// <summary>
    /// Writes one object: <c>category_id</c>, <c>bbox</c> as [x, y, width, height], <c>score</c>, and, where the model finds
    /// them, <c>segmentation</c> as compressed RLE and <c>keypoints</c>.
    /// </summary>
    /// <param name="json">Where to.</param>
    /// <param name="instance">The detection.</param>
    /// <param name="categoryId">The category of its label.</param>
    /// <param name="before">Writes members that come first, or null.</param>
    /// <param name="after">Writes members that come last, or null.</param>
    public static void WriteInstance(Utf8JsonWriter json, DetectedInstance instance, long categoryId, Action<Utf8JsonWriter>? before = null, Action<Utf8JsonWriter>? after = null)
    {
        json.WriteStartObject();
        before?.Invoke(json);
        json.WriteNumber("category_id", categoryId);
        Box box = instance.Box;
        Numbers(json, "bbox", [box.X1, box.Y1, box.X2 - box.X1, box.Y2 - box.Y1]);
        json.WriteNumber("score", instance.Score);
        if (instance.Mask is { } mask)
        {
            json.WriteStartObject("segmentation");
            Numbers(json, "size", [mask.Height, mask.Width]);
            json.WriteString("counts", mask.ToCompressed());
            json.WriteEndObject();
        }
        if (instance.Keypoints is { } keypoints) Numbers(json, "keypoints", keypoints);
        after?.Invoke(json);
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<float> values)
    {
        json.WriteStartArray(name);
        foreach (float value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
