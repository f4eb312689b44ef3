using System.Globalization;
using System.Text;
using MaskRcnn.Chaos.Faults;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Chaos;

/// <summary>Runs as text.</summary>
internal static class ReportTable
{
    public static string Line(RunReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {report.Seed,3}  {report.Place,-8}{report.Duration.TotalSeconds,5:F0} s  {report.Hits.Count,2} faults, {report.Hits.Count(hit => hit.State == JobState.Reducing)} in Reducing  {(report.IsClean ? "clean" : $"{report.Violations.Count} violations")}");

    public static string Markdown(RunReport undisturbed, IReadOnlyList<RunReport> reports)
    {
        var text = new StringBuilder().AppendLine("| seed | storage | seconds | faults | in Reducing | |").AppendLine("|---|---|---|---|---|---|");
        foreach (RunReport report in reports.Prepend(undisturbed))
        {
            int reducing = report.Hits.Count(hit => hit.State == JobState.Reducing);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {(report == undisturbed ? "none" : report.Seed)} | {report.Place} | {report.Duration.TotalSeconds:F0} | {report.Hits.Count} | {reducing} | {(report.IsClean ? "clean" : string.Join(' ', report.Violations))} |");
        }
        text.AppendLine().AppendLine("| fault | times | recoveries | median s | longest s |").AppendLine("|---|---|---|---|---|");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            int times = reports.Sum(report => report.Hits.Count(hit => hit.Kind == kind));
            if (times > 0) text.AppendLine(Recoveries($"{kind}", times, reports, of => of == kind));
        }
        return text.AppendLine(Recoveries("all", reports.Sum(report => report.Hits.Count), reports, _ => true)).ToString();
    }

    private static string Recoveries(string name, int times, IReadOnlyList<RunReport> reports, Func<FaultKind, bool> isOf)
    {
        double[] seconds = [.. reports.SelectMany(report => report.Recoveries).Where(recovery => isOf(recovery.Kind)).Select(recovery => recovery.Seconds).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {times} | {seconds.Length} | {(seconds.Length > 0 ? $"{seconds[seconds.Length / 2]:F1} | {seconds[^1]:F1}" : " | ")} |");
    }
}
