namespace MaskRcnn.Cluster.Tests.Processes.Telemetry;

/// <summary>docs/metrics.md against what a small job really emits.</summary>
[Collection(TelemetryProcessTests.Name)]
public sealed class MetricsTests(TelemetryCluster cluster)
{
    [Fact]
    public void What_Prometheus_reads_is_what_is_documented()
    {
        (string Name, string Kind, string Labels)[] listed = [.. MetricsPage.Listed().Select(m => (m.Prometheus, m.Kind, m.Labels)).Order()];
        Assert.NotEmpty(listed);
        (string Name, string Kind, string Labels)[] seen = [.. MetricsPage.Scraped(cluster.Pages).Order()];
        Assert.Equal(listed, seen);
    }

    [Fact]
    public async Task What_is_sent_by_OTLP_is_what_is_documented()
    {
        (string Name, string Unit, string Kind)[] listed = [.. MetricsPage.Listed().Select(m => (m.Otlp, m.Unit, m.Kind)).Order()];
        await Patience.ForAsync("all metrics are sent", () => Task.FromResult(cluster.Collector.Metrics.Count >= listed.Length ? "yes" : null), () => Task.FromResult(string.Join('\n', cluster.Collector.Metrics.Order())));
        Assert.Equal(listed, cluster.Collector.Metrics.Order());
        Assert.Superset(new HashSet<string> { "MaskRcnn", "Microsoft.Orleans", "System.Runtime" }, cluster.Collector.Meters.ToHashSet());
    }

    [Fact]
    public void Counts_are_those_of_the_job()
    {
        Assert.Equal((TelemetryCluster.Good, 1), ((int)cluster.End.Images.Done, (int)cluster.End.Images.Failed));
        IReadOnlyList<string> pages = cluster.Pages;
        Assert.Equal(TelemetryCluster.Good, Sum(pages, "maskrcnn_images_done_total"));
        Assert.Equal(1, Sum(pages, "maskrcnn_images_failed_total"));
        Assert.Equal(1, Sum(pages, "maskrcnn_images_failed_total", "cause=\"unknown-format\""));
        Assert.Equal(TelemetryCluster.Good, Sum(pages, "maskrcnn_images_committed_total", "outcome=\"done\""));
        Assert.Equal(1, Sum(pages, "maskrcnn_images_committed_total", "outcome=\"failed\""));
        double shards = Sum(pages, "maskrcnn_shards_ended_total", "outcome=\"committed\"");
        Assert.Equal(shards, Sum(pages, "maskrcnn_lease_events_total", "event=\"granted\""));
        Assert.Equal(shards, Sum(pages, "maskrcnn_shard_attempts_total", "attempt=\"first\""));
        Assert.Equal(0, Sum(pages, "maskrcnn_lease_events_total", "event=\"expired\""));
        Assert.Equal(shards, Sum(pages, "maskrcnn_attempts_ended_total", "outcome=\"committed\""));
        Assert.Equal(TelemetryCluster.Good + 1, Sum(pages, "maskrcnn_stage_duration_seconds_count", "stage=\"fetch\""));
        Assert.Equal(1, Sum(pages, "maskrcnn_stage_duration_seconds_count", "stage=\"load\""));
        Assert.Equal(1, Sum(pages, "maskrcnn_jobs_ended_total", "state=\"completed_with_errors\""));
        Assert.Equal(0, Sum(pages, "maskrcnn_jobs"));
        Assert.Equal(1, Sum(pages, "maskrcnn_workers"));
        Assert.True(Sum(pages, "maskrcnn_device_busy_time_seconds_total") > 0);
    }

    [Fact]
    public void No_label_names_the_job_an_image_or_a_shard()
    {
        IEnumerable<string> ours = cluster.Pages.SelectMany(page => page.Split('\n')).Where(line => line.StartsWith("maskrcnn_", StringComparison.Ordinal)).Select(line => line.Split('}')[0]);
        Assert.DoesNotContain(ours, line => line.Contains(cluster.End.Job, StringComparison.Ordinal) || line.Contains("seen", StringComparison.Ordinal) || line.Contains(".png", StringComparison.Ordinal) || line.Contains("00000000", StringComparison.Ordinal));
    }

    private static double Sum(IReadOnlyList<string> pages, string name, string label = "") => pages.SelectMany(page => page.Split('\n'))
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split('}')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], System.Globalization.CultureInfo.InvariantCulture));
}
