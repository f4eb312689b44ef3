using System.Text.Json;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary><c>timings.json</c>: how long images took, by stage, and which workers took part. Depends on the run.</summary>
internal static class TimingsFile
{
    private const string Unit = "Ms";

    /// <summary>Writes it, unless it is there.</summary>
    public static void Write(ResultStore results, PartReader reader, IReadOnlyList<Leaf> leaves)
    {
        results.WriteOrTake("timings.json", stream =>
        {
            SortedDictionary<string, StageHistogram> stages = Read(reader, leaves);
            using (var json = new Utf8JsonWriter(stream, IndexRow.Plain)) Write(json, leaves, stages);
            stream.Write("\n"u8);
        });
    }

    /// <summary>A line is an object; each of its numbers whose name ends in <c>Ms</c> is how long a stage took, in milliseconds.</summary>
    private static SortedDictionary<string, StageHistogram> Read(PartReader reader, IReadOnlyList<Leaf> leaves)
    {
        var stages = new SortedDictionary<string, StageHistogram>(StringComparer.Ordinal);
        foreach ((Leaf leaf, ReadOnlyMemory<byte> line) in PartLines.Read(reader, leaves, PartKind.Timings))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                foreach (JsonProperty member in document.RootElement.EnumerateObject())
                {
                    if (member.Value.ValueKind != JsonValueKind.Number || !member.Name.EndsWith(Unit, StringComparison.Ordinal)) continue;
                    string name = member.Name[..^Unit.Length];
                    if (!stages.TryGetValue(name, out StageHistogram? stage)) stages.Add(name, stage = new StageHistogram());
                    stage.Add(member.Value.GetDouble() / 1000);
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
            {
                throw new ReductionException($"{leaf.Blob(leaf.Find(PartKind.Timings)!)} has a line that is not as expected: {exception.Message}", exception);
            }
        }
        return stages;
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Leaf> leaves, SortedDictionary<string, StageHistogram> stages)
    {
        Leaf[] run = [.. leaves.Where(l => l.Run is not null)];
        json.WriteStartObject();
        json.WriteNumber("schema", 1);
        json.WriteNumber("images", leaves.Sum(l => (long)l.Count));
        json.WriteNumber("seconds", run.Length == 0 ? 0 : (run.Max(l => l.Run!.Finished) - run.Min(l => l.Run!.Started)).TotalSeconds);
        json.WriteStartObject("stages");
        foreach ((string name, StageHistogram stage) in stages)
        {
            json.WriteStartObject(name);
            json.WriteNumber("images", stage.Count);
            json.WriteNumber("mean", stage.Mean);
            json.WriteNumber("p50", stage.Quantile(.5));
            json.WriteNumber("p95", stage.Quantile(.95));
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartArray("devices");
        foreach (DeviceTime time in DeviceTime.Sum(run.Select(l => l.Run!.DeviceTime).OfType<DeviceTime>()))
        {
            json.WriteStartObject();
            json.WriteString("device", time.Device);
            json.WriteNumber("compute", time.Compute);
            json.WriteNumber("wait", time.Wait);
            json.WriteNumber("load", time.Load);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("workers");
        foreach (IGrouping<string, Leaf> worker in run.GroupBy(l => l.Run!.Worker).OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("worker", worker.Key);
            json.WriteNumber("shards", worker.Count());
            json.WriteNumber("images", worker.Sum(l => (long)l.Count));
            json.WriteNumber("seconds", (worker.Max(l => l.Run!.Finished) - worker.Min(l => l.Run!.Started)).TotalSeconds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
