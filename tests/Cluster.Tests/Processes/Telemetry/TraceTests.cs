namespace MaskRcnn.Cluster.Tests.Processes.Telemetry;

/// <summary>Spans of a small job, from two processes.</summary>
[Collection(TelemetryProcessTests.Name)]
public sealed class TraceTests(TelemetryCluster cluster)
{
    [Fact]
    public async Task A_stage_is_below_its_shard_and_a_shard_of_a_worker_below_the_job()
    {
        await Patience.ForAsync("the job's spans are sent", () => Task.FromResult(Spans().Any(s => s.Name == "job run") && Shards().Any(s => Below(s).Any()) ? "yes" : null), () => Task.FromResult(string.Join('\n', cluster.Collector.Spans)));
        Span job = Assert.Single(Spans(), s => s.Name == "job");
        Assert.Equal(("", "coordinator", cluster.End.Job), (job.Parent, job.Resource["service.instance.id"], job.Attributes["maskrcnn.job"]));
        Assert.All(Shards(), shard =>
        {
            Assert.Equal((job.Trace, job.Id, "worker", cluster.End.Job), (shard.Trace, shard.Parent, shard.Resource["service.instance.id"], shard.Attributes["maskrcnn.job"]));
            Assert.Equal("committed", shard.Attributes["maskrcnn.outcome"]);
            Assert.All(["maskrcnn.shard", "maskrcnn.attempt"], name => Assert.NotEmpty(shard.Attributes[name]));
            Assert.Superset(new HashSet<string> { "fetch", "encode", "write", "finish", "commit" }, Below(shard).Select(s => s.Name).ToHashSet());
        });
        Assert.Contains(Shards(), shard => Below(shard).Any(s => s.Name == "infer"));
        Assert.All(["listing", "reduction", "job run"], name => Assert.Equal((job.Trace, job.Id), Assert.Single(Spans(), s => s.Name == name) is var span ? (span.Trace, span.Parent) : default));
    }

    private IEnumerable<Span> Shards() => Spans().Where(s => s.Name == "shard");

    private IEnumerable<Span> Spans() => cluster.Collector.Spans.Where(s => s.Attributes.GetValueOrDefault("maskrcnn.job") == cluster.End.Job);

    private IEnumerable<Span> Below(Span span) => cluster.Collector.Spans.Where(s => s.Parent == span.Id);
}
