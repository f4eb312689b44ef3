using System.Diagnostics;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Telemetry;

namespace MaskRcnn.Grains.Tests.Telemetry;

public sealed class JobTraceTests
{
    private const string Context = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void A_jobs_document_carries_its_root()
    {
        ActivityContext root = JobTrace.Root(DocumentJson.Read<JobDocument>(DocumentJson.Write(Job("one") with { Trace = Context }), "job.json"));
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true), (root.TraceId.ToHexString(), root.SpanId.ToHexString(), root.IsRemote));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    public void Without_one_every_silo_makes_the_same_of_the_jobs_id(string? trace)
    {
        ActivityContext root = JobTrace.Root(Job("one") with { Trace = trace });
        Assert.Equal((JobTrace.Root(Job("one")), ActivityTraceFlags.Recorded), (root, root.TraceFlags));
        Assert.NotEqual(JobTrace.Root(Job("two")).TraceId, root.TraceId);
        // printf one | sha256sum
        Assert.Equal("7692c3ad3540bb803c020b3aee66cd88", root.TraceId.ToHexString());
    }

    [Fact]
    public void While_nobody_listens_there_is_no_span_and_the_document_has_none() => Assert.Null(JobTrace.Begin());

    private static JobDocument Job(string id) => new()
    {
        Job = id,
        Name = id,
        Created = default,
        Output = "out",
        Specification = new JobSpecification { Images = "images", Model = "model", Output = "out" },
        Model = new ModelDocument("model", "etag", 1, "00", "model", []),
        ShardSize = new ShardSize(1, 1),
        Categories = [],
    };
}
