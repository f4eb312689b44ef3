using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Connection;

namespace MaskRcnn.Client.Up;

/// <summary>What <c>maskrcnn up</c> says when jobs may come.</summary>
internal static class ClusterAnnouncement
{
    public static void Write(CommandOutput output, UpOptions options, ClusterFile cluster, IReadOnlyList<string> devices)
    {
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.WriteBoolean("ready", true);
                json.WriteStartArray("gateways");
                foreach (string gateway in cluster.Gateways) json.WriteStringValue(gateway);
                json.WriteEndArray();
                json.WriteString("data", options.Data);
                json.WriteNumber("workers", options.InProcess ? 1 : devices.Count);
                json.WriteNumber("processId", Environment.ProcessId);
            });
            return;
        }
        output.Out.WriteLine($"ready: gateway {cluster.Gateways[0]}, {devices.Count} workers ({string.Join(", ", devices)}), data {options.Data}, logs {options.Logs}");
        output.Out.WriteLine("Submit jobs with 'maskrcnn job submit'; Ctrl-C stops the cluster.");
        output.Out.Flush();
    }
}
