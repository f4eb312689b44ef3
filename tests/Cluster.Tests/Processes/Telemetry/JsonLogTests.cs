using System.Text.Json;

namespace MaskRcnn.Cluster.Tests.Processes.Telemetry;

/// <summary>A silo's log as documents.</summary>
[Collection(TelemetryProcessTests.Name)]
public sealed class JsonLogTests(TelemetryCluster cluster)
{
    [Fact]
    public async Task A_line_is_a_document_with_fields()
    {
        string line = await Patience.ForAsync("the end of the job is in the log", () => Task.FromResult(cluster.Silos[0].Said.Split('\n').FirstOrDefault(l => l.Contains("has ended", StringComparison.Ordinal))), () => Task.FromResult(cluster.Silos[0].Said));
        JsonElement log = JsonDocument.Parse(line).RootElement;
        Assert.Equal("Information", log.GetProperty("LogLevel").GetString());
        Assert.Equal("MaskRcnn.Grains.Jobs.JobGrain", log.GetProperty("Category").GetString());
        Assert.Equal(cluster.End.Job, log.GetProperty("State").GetProperty("Job").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", log.GetProperty("Timestamp").GetString()!);
    }
}
