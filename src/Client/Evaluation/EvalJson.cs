using System.Text.Json;
using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Client.Evaluation;

/// <summary>The JSON form of <c>maskrcnn eval</c>'s result.</summary>
internal static class EvalJson
{
    public static void Write(Utf8JsonWriter json, EvalRequest request, FileEvaluationReport report, IReadOnlyList<string> files)
    {
        EvaluationJson.Write(json, report, request.PerClass, request.Files);
        if (files.Count == 0) return;
        json.WriteStartArray("files");
        foreach (string file in files) json.WriteStringValue(file);
        json.WriteEndArray();
    }
}
