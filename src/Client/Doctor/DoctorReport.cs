using MaskRcnn.Client.CommandLine;
using MaskRcnn.Silo.Doctor;

namespace MaskRcnn.Client.Doctor;

/// <summary>Prints findings: as text each when it is there, as JSON all at the end.</summary>
internal sealed class DoctorReport(CommandOutput output)
{
    private readonly List<Finding> _findings = [];

    public void Add(Finding finding)
    {
        _findings.Add(finding);
        if (output.Json) return;
        output.Out.WriteLine($"{Word(finding.Verdict),-8} {finding.Check,-9} {finding.Seen.ReplaceLineEndings(" ")}");
        if (finding.Advice is { } advice) output.Out.WriteLine($"{"",-8} {"",-9} do: {advice}");
        output.Out.Flush();
    }

    /// <summary>Sums up.</summary>
    /// <returns>The exit code.</returns>
    public int Finish()
    {
        int failed = _findings.Count(f => f.Verdict == Verdict.Failed), warnings = _findings.Count(f => f.Verdict == Verdict.Warning);
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.WriteNumber("failed", failed);
                json.WriteNumber("warnings", warnings);
                json.WriteStartArray("findings");
                foreach (Finding finding in _findings)
                {
                    json.WriteStartObject();
                    json.WriteString("check", finding.Check);
                    json.WriteString("verdict", Word(finding.Verdict));
                    json.WriteString("seen", finding.Seen);
                    json.WriteString("do", finding.Advice);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
        }
        else
        {
            output.Out.WriteLine($"{failed} failed, {warnings} {(warnings == 1 ? "warning" : "warnings")}, {_findings.Count - failed - warnings} ok");
        }
        return failed == 0 ? ExitCode.Ok : ExitCode.Error;
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warning => "warning",
        _ => "failed",
    };
}
