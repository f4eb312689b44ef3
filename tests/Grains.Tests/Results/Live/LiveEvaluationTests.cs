using System.Text.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Live;
using MaskRcnn.Grains.Tests.Results.Reduction;

namespace MaskRcnn.Grains.Tests.Results.Live;

public class LiveEvaluationTests
{
    private static readonly TestImage[] Images = [.. TestImage.Random(60, 9, annotated: true).Select(i => i with { GivenUp = false })];

    [Fact]
    public void With_all_records_in_any_order_AP_is_that_of_the_report()
    {
        var job = new TestJob(Images, [3, 7, 20, 10, 11, 9], keepParts: true);
        job.Reduce();
        var live = new LiveEvaluation(job.Store, job.Job);
        Assert.Empty(live.AveragePrecision(CancellationToken.None));
        foreach (CommitRecord record in job.Records.OrderBy(r => r.Attempt, StringComparer.Ordinal))
        {
            live.Add(record, CancellationToken.None);
            live.Add(record, CancellationToken.None);
            live.AveragePrecision(CancellationToken.None);
        }
        using JsonDocument report = JsonDocument.Parse(job.Text("report.json"));
        IReadOnlyDictionary<string, double> precision = live.AveragePrecision(CancellationToken.None);
        Assert.Equal(["bbox", "segm"], precision.Keys);
        foreach ((string type, double value) in precision)
            Assert.Equal(report.RootElement.GetProperty("iouTypes").GetProperty(type).GetProperty("stats").GetProperty("AP").GetDouble(), value);
    }

    [Fact]
    public void Beyond_its_memory_it_is_not_known_and_stays_so()
    {
        var job = new TestJob(Images, [3, 7, 20, 10, 11, 9]);
        var live = new LiveEvaluation(job.Store, job.Job, budget: 5000);
        foreach (CommitRecord record in job.Records) live.Add(record, CancellationToken.None);
        Assert.False(live.IsKnown);
        Assert.Empty(live.AveragePrecision(CancellationToken.None));
    }
}
