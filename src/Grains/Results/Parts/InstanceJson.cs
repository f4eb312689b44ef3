using System.Text.Json;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>An instance's numbers, written as <c>maskrcnn predict</c> writes them.</summary>
internal static class InstanceJson
{
    /// <summary>Everything after the category.</summary>
    /// <param name="json">Within the instance's object.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="counts">Its mask's runs, compressed; null without a mask.</param>
    public static void Write(Utf8JsonWriter json, DetectedInstance instance, string? counts)
    {
        Box box = instance.Box;
        json.WriteStartArray("bbox"u8);
        json.WriteNumberValue(box.X1);
        json.WriteNumberValue(box.Y1);
        json.WriteNumberValue(box.X2 - box.X1);
        json.WriteNumberValue(box.Y2 - box.Y1);
        json.WriteEndArray();
        json.WriteNumber("score"u8, instance.Score);
        if (instance.Mask is { } mask)
        {
            json.WriteStartObject("segmentation"u8);
            json.WriteStartArray("size"u8);
            json.WriteNumberValue((float)mask.Height);
            json.WriteNumberValue((float)mask.Width);
            json.WriteEndArray();
            json.WriteString("counts"u8, counts);
            json.WriteEndObject();
        }
        if (instance.Keypoints is { } keypoints)
        {
            json.WriteStartArray("keypoints"u8);
            foreach (float value in keypoints) json.WriteNumberValue(value);
            json.WriteEndArray();
        }
    }

    /// <summary>Whether JSON can say all its numbers.</summary>
    public static bool IsFinite(DetectedInstance instance)
    {
        Box box = instance.Box;
        return float.IsFinite(box.X1) && float.IsFinite(box.Y1) && float.IsFinite(box.X2 - box.X1) && float.IsFinite(box.Y2 - box.Y1)
            && float.IsFinite(instance.Score) && (instance.Keypoints?.All(float.IsFinite) ?? true);
    }
}
