using System.Text.Json;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Client.Jobs;

/// <summary>A job's description as JSON: the status, and all that is known beside it.</summary>
internal static class DescriptionJson
{
    public static void Write(Utf8JsonWriter json, JobDescription description, IReadOnlyList<string> explanation)
    {
        JobJson.Write(json, description.Status);
        JobJson.Strings(json, "explanation", explanation);
        WriteSpecification(json, description.Specification);
        json.WriteStartArray("threads");
        foreach (int threads in description.Threads) json.WriteNumberValue(threads);
        json.WriteEndArray();
        json.WriteStartObject("shards");
        foreach ((string kind, long count) in description.Shards.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteNumber(kind, count);
        json.WriteEndObject();
        WriteLeases(json, description.Leases);
        WriteAttempts(json, description.FailedAttempts);
        WriteWorkers(json, description.Workers);
    }

    public static void WriteWorkers(Utf8JsonWriter json, IReadOnlyList<WorkerReport> workers)
    {
        json.WriteStartArray("workers");
        foreach (WorkerReport worker in workers)
        {
            json.WriteStartObject();
            json.WriteString("worker", worker.Worker);
            json.WriteString("host", worker.Host);
            json.WriteNumber("processId", worker.ProcessId);
            json.WriteString("device", worker.Device);
            json.WriteString("state", worker.State);
            json.WriteString("model", worker.Model);
            JobJson.Strings(json, "shards", worker.Shards);
            json.WriteNumber("images", worker.Images);
            json.WriteNumber("imagesPerSecond", double.IsFinite(worker.ImagesPerSecond) ? worker.ImagesPerSecond : 0);
            json.WriteString("lastHeartbeat", worker.LastHeartbeat);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteSpecification(Utf8JsonWriter json, JobSpecification specification)
    {
        json.WritePropertyName("specification");
        JsonSerializer.Serialize(json, specification, JsonSerializerOptions.Web);
    }

    private static void WriteLeases(Utf8JsonWriter json, IReadOnlyList<LeaseReport> leases)
    {
        json.WriteStartArray("leases");
        foreach (LeaseReport lease in leases)
        {
            json.WriteStartObject();
            json.WriteString("shard", lease.Shard);
            json.WriteNumber("images", lease.Images);
            json.WriteNumber("imagesDone", lease.ImagesDone);
            json.WriteString("worker", lease.Worker);
            json.WriteNumber("epoch", lease.Epoch);
            json.WriteBoolean("begun", lease.Begun);
            json.WriteString("since", lease.Since);
            json.WriteString("lastRenewal", lease.LastRenewal);
            json.WriteNumber("suspicions", lease.Suspicions);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteAttempts(Utf8JsonWriter json, IReadOnlyList<AttemptReport> attempts)
    {
        json.WriteStartArray("failedAttempts");
        foreach (AttemptReport attempt in attempts)
        {
            json.WriteStartObject();
            json.WriteString("shard", attempt.Shard);
            json.WriteString("attempt", attempt.Attempt);
            json.WriteString("worker", attempt.Worker);
            json.WriteString("since", attempt.Since);
            json.WriteString("ended", attempt.Ended);
            json.WriteString("how", attempt.How);
            json.WriteBoolean("suspicion", attempt.Suspicion);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
