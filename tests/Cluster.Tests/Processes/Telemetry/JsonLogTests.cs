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

    [Fact]
    public void A_workers_line_on_a_shard_has_job_shard_and_attempt()
    {
        Assert.Equal(MaskRcnn.Grains.Jobs.JobState.Failed, cluster.Failed.State);
        string line = cluster.Silos[1].Said.Split('\n').First(l => l.Contains("could not be committed", StringComparison.Ordinal));
        JsonElement log = JsonDocument.Parse(line).RootElement, state = log.GetProperty("State");
        Assert.Equal(("Error", cluster.Failed.Job), (log.GetProperty("LogLevel").GetString(), state.GetProperty("Job").GetString()));
        Assert.Matches(@"^\d{8}$", state.GetProperty("Shard").GetString()!);
        Assert.Matches("^[0-9a-f]{32}$", state.GetProperty("Attempt").GetString()!);
        Assert.Contains("Format", log.GetProperty("Exception").GetString(), StringComparison.Ordinal);
    }
}
