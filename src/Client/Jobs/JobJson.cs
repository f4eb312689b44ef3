using System.Text.Json;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary>A job's status as JSON: the same members wherever it is printed.</summary>
internal static class JobJson
{
    public static void Write(Utf8JsonWriter json, JobStatus status, double? pricePerHour = null)
    {
        json.WriteString("job", status.Job);
        json.WriteString("name", status.Name);
        json.WriteString("state", status.State.ToString());
        json.WriteNumber("generation", status.Generation);
        json.WriteStartObject("images");
        json.WriteNumber("total", status.Images.Total);
        json.WriteBoolean("listingDone", status.ListingDone);
        json.WriteNumber("done", status.Images.Done);
        json.WriteNumber("failed", status.Images.Failed);
        json.WriteNumber("left", status.Images.Left);
        json.WriteEndObject();
        json.WriteNumber("imagesPerSecond", double.IsFinite(status.ImagesPerSecond) ? status.ImagesPerSecond : 0);
        if (status.EtaSeconds is { } eta && double.IsFinite(eta)) json.WriteNumber("etaSeconds", eta);
        else json.WriteNull("etaSeconds");
        WriteStats(json, status);
        json.WriteString("reason", status.Reason);
        if (status.Deadline is { } deadline) json.WriteString("deadline", deadline);
        else json.WriteNull("deadline");
        DeviceTimeText.Write(json, status.DeviceTime, status.Images.Done, pricePerHour);
    }

    public static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteStats(Utf8JsonWriter json, JobStatus status)
    {
        if (status.AveragePrecision.Count == 0)
        {
            json.WriteNull("stats");
            return;
        }
        json.WriteStartObject("stats");
        foreach ((string type, double ap) in status.AveragePrecision.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(type);
            // JSON has no NaN; absent numbers are −1, as in an evaluation.
            json.WriteNumber("AP", double.IsFinite(ap) ? ap : -1);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
