using System.Text.Json;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Client.Predict;

/// <summary>Detections in COCO's results format.</summary>
internal static class DetectionJson
{
    /// <summary>One JSON object a detection.</summary>
    public static IReadOnlyList<byte[]> Lines(ImageDetections detections, long imageId, IReadOnlyDictionary<int, LabelledCategory> categories)
    {
        byte[][] lines = new byte[detections.Instances.Count][];
        using var stream = new MemoryStream();
        using var json = new Utf8JsonWriter(stream);
        for (int i = 0; i < lines.Length; i++)
        {
            stream.SetLength(0);
            json.Reset();
            Write(json, detections.Instances[i], imageId, categories);
            json.Flush();
            lines[i] = stream.ToArray();
        }
        return lines;
    }

    private static void Write(Utf8JsonWriter json, DetectedInstance instance, long imageId, IReadOnlyDictionary<int, LabelledCategory> categories)
    {
        json.WriteStartObject();
        json.WriteNumber("image_id", imageId);
        json.WriteNumber("category_id", categories[instance.Label].Id);
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
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<float> values)
    {
        json.WriteStartArray(name);
        foreach (float value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
