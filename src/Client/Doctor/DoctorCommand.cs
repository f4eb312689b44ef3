using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Silo.Doctor;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Transport;

namespace MaskRcnn.Client.Doctor;

/// <summary><c>maskrcnn doctor</c>: whether a silo of some settings would work here, whether a cluster answers, and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        var file = new Option<string?>("--settings") { Description = "The silo's settings file. [default: appsettings.json of this folder, if it is there]", HelpName = "FILE" };
        var model = new Option<string?>("--model") { Description = "A model to load. [default: the one that comes with the program]", HelpName = "FILE" };
        var cluster = new Option<string?>("--cluster") { Description = "Ask this cluster, too: host:port[,host:port][/id]. Without --settings and KEY=VALUE, ask it alone.", HelpName = "CLUSTER" };
        var values = new Argument<string[]>("settings") { Description = "Settings as on the silo's command line, such as Redis:Endpoints=redis:6379. MASKRCNN_… of the environment are read, too.", HelpName = "KEY=VALUE", Arity = ArgumentArity.ZeroOrMore };
        var tls = new TlsOptions();
        var command = new Command("doctor", "Check storage, Redis, clocks, ports, certificates, device and model as a silo would need them, and say what to do. Exits with 1 when something failed.");
        command.Add(values);
        foreach (Option option in (Option[])[file, model, cluster]) command.Add(option);
        tls.AddTo(command);
        return command.Does("maskrcnn doctor --settings silo.json Storage:State=cluster/state", (arguments, output, cancellation) =>
        {
            string[] given = arguments.GetValue(values) ?? [];
            if (given.FirstOrDefault(value => value.IndexOf('=', StringComparison.Ordinal) <= 0) is { } odd) throw CommandException.Usage($"'{odd}' is no setting; expected KEY=VALUE, such as Storage:State=cluster/state.");
            string? path = arguments.GetValue(file), asked = arguments.GetValue(cluster);
            TlsFiles? files = tls.Read(arguments);
            var report = new DoctorReport(output);
            if (asked is null || path is not null || given.Length > 0) Examine(report, path, given, arguments.GetValue(model), cancellation).GetAwaiter().GetResult();
            if (asked is not null) report.Add(ClusterCheck.RunAsync(asked, files, connect, cancellation).GetAwaiter().GetResult());
            return report.Finish();
        });
    }

    private static async Task Examine(DoctorReport report, string? path, string[] given, string? model, CancellationToken cancellation)
    {
        SiloSettings settings;
        try
        {
            string[] file = path is null ? [] : [SettingsSources.FileArgument, path];
            settings = SettingsSources.Read([.. file, .. given.Select(value => "--" + value)]);
        }
        catch (SettingsException exception)
        {
            // Without settings there is nothing to look at.
            foreach (SettingsMistake mistake in exception.Mistakes) report.Add(new Finding("settings", Verdict.Failed, mistake.ToString(), "Correct it in the settings file, in the environment (MASKRCNN_Section__Key) or on the command line: docs/cluster.md has all keys."));
            return;
        }
        await foreach (Finding finding in SiloDoctor.ExamineAsync(settings, model, TimeProvider.System, cancellation)) report.Add(finding);
    }
}
