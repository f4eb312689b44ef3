using System.Text.RegularExpressions;

namespace MaskRcnn.Cluster.Tests.Processes.Telemetry;

/// <summary>A metric as docs/metrics.md lists it, or as it was seen.</summary>
internal sealed record Metric(string Otlp, string Prometheus, string Unit, string Kind, string Labels);

/// <summary>docs/metrics.md, and what a silo says at <c>/metrics</c>.</summary>
internal static partial class MetricsPage
{
    private static readonly string[] LabelsOfTheFormat = ["le", "otel_scope_name"];

    /// <summary>The rows of the page's table.</summary>
    public static IReadOnlyList<Metric> Listed() =>
    [
        .. File.ReadLines(Repository.File("docs/metrics.md")).Where(line => line.StartsWith("| `maskrcnn.", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new Metric(Code(cells[1]), Code(cells[2]), Code(cells[3]), cells[4], string.Join(',', cells[5].Split(',', StringSplitOptions.TrimEntries).Select(Code).Where(l => l.Length > 0).Order()))),
    ];

    /// <summary>What the text format has of our metrics: each name with its type and all labels of its samples.</summary>
    public static IReadOnlyList<(string Name, string Kind, string Labels)> Scraped(IEnumerable<string> pages)
    {
        string[] lines = [.. pages.SelectMany(page => page.Split('\n'))];
        var kinds = lines.Select(line => TypeLine().Match(line)).Where(m => m.Success).Select(m => (Name: m.Groups["name"].Value, Kind: m.Groups["kind"].Value)).Distinct();
        return [.. kinds.Select(kind => (kind.Name, kind.Kind, Labels(kind.Name, kind.Kind, lines)))];
    }

    private static string Labels(string name, string kind, string[] lines)
    {
        string sample = kind == "histogram" ? $"{name}_bucket" : name;
        return string.Join(',', lines.Where(line => line.StartsWith(sample + "{", StringComparison.Ordinal))
            .SelectMany(line => Label().Matches(line)).Select(m => m.Groups["label"].Value).Distinct().Except(LabelsOfTheFormat).Order());
    }

    private static string Code(string cell) => cell.Trim('`', ' ');

    [GeneratedRegex(@"^# TYPE (?<name>maskrcnn_\w+) (?<kind>\w+)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"[{,](?<label>\w+)=""")]
    private static partial Regex Label();
}
