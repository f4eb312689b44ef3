using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MaskRcnn.Coco.Tests.Evaluation;

/// <summary>coco_*.json split into files, and the arrays that pycocotools 2.0.11 made of them.</summary>
internal static class GoldenData
{
    public static readonly JsonElement Expected = JsonDocument.Parse(TestData.Bytes("coco_expected.json")).RootElement;

    /// <summary>Writes the ground truth and the detections of an IoU type to a folder.</summary>
    public static (string GroundTruth, string Results) Split(string iouType, TemporaryFolder folder, bool withObjects = true)
    {
        JsonNode both = JsonNode.Parse(TestData.Bytes($"coco_{iouType}.json"))!;
        if (!withObjects) both["gt"]!["annotations"] = new JsonArray();
        return (folder.Write("gt.json", both["gt"]!.ToJsonString()), folder.Write("dt.json", both["dt"]!.ToJsonString()));
    }

    /// <summary>The ids of the first images, in the file's order.</summary>
    public static long[] FirstImages(string iouType, int count) =>
        [.. JsonNode.Parse(TestData.Bytes($"coco_{iouType}.json"))!["gt"]!["images"]!.AsArray().Take(count).Select(i => i!["id"]!.GetValue<long>())];

    public static double[] Statistics(string iouType, string? variant = null)
    {
        JsonElement expected = Expected.GetProperty(iouType);
        JsonElement stats = variant is null ? expected.GetProperty("stats") : expected.GetProperty("variants").GetProperty(variant);
        return [.. stats.EnumerateArray().Select(n => n.GetDouble())];
    }

    /// <summary>The arrays of a safetensors file of doubles.</summary>
    public static Dictionary<string, double[]> Arrays(string iouType)
    {
        byte[] bytes = TestData.Bytes($"coco_{iouType}_eval.safetensors");
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var arrays = new Dictionary<string, double[]>();
        foreach (JsonProperty tensor in JsonDocument.Parse(bytes.AsMemory(8, header)).RootElement.EnumerateObject())
        {
            JsonElement offsets = tensor.Value.GetProperty("data_offsets");
            int start = 8 + header + offsets[0].GetInt32(), length = offsets[1].GetInt32() - offsets[0].GetInt32();
            arrays[tensor.Name] = [.. Enumerable.Range(0, length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(start + 8 * i)))];
        }
        return arrays;
    }
}
