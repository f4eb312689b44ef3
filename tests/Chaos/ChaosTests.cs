using System.Globalization;
using MaskRcnn.Cluster.Tests.Processes;

namespace MaskRcnn.Chaos;

/// <summary>
/// Jobs whose cluster is disturbed by seeds have the bytes of one that nothing disturbed. <c>./test.sh</c> runs the short form;
/// <c>./test.sh --chaos N [--seed S] [--shipped]</c> N whole runs from a seed on. See docs/reliability.md.
/// </summary>
public sealed class ChaosTests
{
    private const string Runs = "MASKRCNN_CHAOS_RUNS", FirstSeed = "MASKRCNN_CHAOS_SEED", Bites = "MASKRCNN_CHAOS_BITES", Break = "MASKRCNN_CHAOS_BREAK", Shipped = "MASKRCNN_CHAOS_SHIPPED";

    [Fact]
    public async Task A_job_has_the_result_of_an_undisturbed_one_whatever_happens_to_its_cluster()
    {
        Assert.SkipUnless(Number(Bites) is null, $"{Bites} is set: only the harness itself is tried.");
        int? runs = Number(Runs);
        IReadOnlyList<RunReport> reports = await RunAsync(runs is null ? ChaosSettings.Short : Number(Shipped) is null ? ChaosSettings.Full : ChaosSettings.Shipped, Number(FirstSeed) ?? 1, runs ?? 1, untilViolation: false);
        Assert.True(reports.All(report => report.IsClean), string.Join('\n', reports.SelectMany(report => report.Violations.Select(text => $"seed {report.Seed}: {text}"))));
    }

    /// <summary>The harness shows that it bites.</summary>
    [Theory]
    [InlineData("put")]
    [InlineData("token")]
    [InlineData("leases")]
    public async Task It_is_noticed_that_a_safeguard_is_gone(string safeguard)
    {
        Assert.SkipUnless(Number(Bites) is not null, $"{Bites} is not set: './test.sh --chaos-bites N' takes safeguards away, each for up to N runs.");
        Environment.SetEnvironmentVariable(Break, safeguard);
        try
        {
            IReadOnlyList<RunReport> reports = await RunAsync(ChaosSettings.Full, Number(FirstSeed) ?? 1, Number(Bites)!.Value, untilViolation: true);
            Assert.False(reports[^1].IsClean, $"Without the safeguard '{safeguard}' {reports.Count} runs were clean; expected that one is not.");
            Say($"without '{safeguard}': noticed in run {reports.Count}, {reports[^1].Violations[0]}");
        }
        finally
        {
            Environment.SetEnvironmentVariable(Break, null);
        }
    }

    private static async Task<IReadOnlyList<RunReport>> RunAsync(ChaosSettings settings, int firstSeed, int runs, bool untilViolation)
    {
        using var collection = new ChaosCollection(settings.Images, settings.HasDeadly);
        string? broken = Environment.GetEnvironmentVariable(Break);
        Environment.SetEnvironmentVariable(Break, null);
        await using ChaosRun calm = await ChaosRun.StartAsync(settings, collection, seed: null);
        RunReport first = await calm.RunAsync(undisturbed: null);
        Assert.True(first.IsClean, $"Undisturbed: {string.Join('\n', first.Violations)}");
        await calm.EndAsync();
        Say(ReportTable.Line(first));
        Environment.SetEnvironmentVariable(Break, broken);

        List<RunReport> reports = [];
        for (int seed = firstSeed; seed < firstSeed + runs; seed++)
        {
            RunReport report;
            await using (ChaosRun run = await ChaosRun.StartAsync(settings, collection, seed))
            {
                report = await run.RunAsync(calm.Result);
                await File.WriteAllTextAsync(Evidence(FormattableString.Invariant($"seed-{seed}.log")), run.Explain());
                report = report with { Violations = [.. report.Violations, .. await run.EndAsync()] };
            }
            reports.Add(report);
            Say(ReportTable.Line(report));
            foreach (string violation in report.Violations) Say($"      {violation}");
            if (untilViolation && !report.IsClean) break;
        }
        await File.WriteAllTextAsync(Evidence("report.md"), ReportTable.Markdown(first, reports));
        return reports;
    }

    private static string Evidence(string name)
    {
        string file = Repository.File("artifacts/chaos/" + name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Runs take minutes; whoever waits sees each.</summary>
    private static void Say(string text) => Console.Error.WriteLine(text);
}
