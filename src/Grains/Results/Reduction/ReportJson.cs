using System.Text.Json;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary><c>report.json</c>.</summary>
internal static class ReportJson
{
    /// <summary>The document's bytes.</summary>
    public static byte[] Write(Report report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, IndexRow.Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", 1);
            Member(json, "counts", report.Counts);
            json.WriteStartObject("iouTypes");
            foreach (FileEvaluationReport evaluation in report.Evaluations)
            {
                json.WriteStartObject(evaluation.Result.Parameters.IouType.ToString().ToLowerInvariant());
                EvaluationJson.Write(json, evaluation, perClass: true);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            Member(json, "failures", report.Failures);
            Member(json, "parameters", report.Parameters);
            Member(json, "model", report.Model);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void Member<T>(Utf8JsonWriter json, string name, T value)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value, DocumentJson.Options);
    }
}
