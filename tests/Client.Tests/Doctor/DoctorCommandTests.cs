using System.Text.Json;
using MaskRcnn.Client.Connection;

namespace MaskRcnn.Client.Tests.Doctor;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_silo_that_would_work_exits_with_0_and_every_check_says_what_it_saw()
    {
        JsonElement report = Run("--json", State(), "Worker:Cache=" + In("cache"), "Endpoints:SiloPort=" + FreePort()).Exits(0).Json;
        Assert.Equal(0, report.GetProperty("failed").GetInt32());
        string[] checks = [.. report.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("check").GetString()!)];
        Assert.Equal(["storage", "clock", "port", "tls", "device", "cache", "model"], checks);
        Assert.All(report.GetProperty("findings").EnumerateArray(), f => Assert.NotEmpty(f.GetProperty("seen").GetString()!));
    }

    [Fact]
    public void What_failed_exits_with_1_and_says_what_to_do()
    {
        File.WriteAllText(In("file"), "");
        CommandRun run = Run("Storage:State=" + In("file"), "Roles=coordinator", "Endpoints:SiloPort=" + FreePort()).Exits(1);
        Assert.Contains("failed   storage", run.Out, StringComparison.Ordinal);
        Assert.Contains("do: ", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 failed, 0 warnings", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_cannot_be_are_findings_and_no_secret_is_shown()
    {
        File.WriteAllText(In("silo.json"), """{ "Redis": { "Password": "correct-horse", "Pasword": "battery-staple" } }""");
        CommandRun run = Run("--settings", In("silo.json"), "--json", "Redis:Password=tell-nobody").Exits(1);
        Assert.All(run.Json.GetProperty("findings").EnumerateArray(), f => Assert.Equal(("settings", "failed"), (f.GetProperty("check").GetString(), f.GetProperty("verdict").GetString())));
        Assert.Contains("Storage:State", run.Out, StringComparison.Ordinal);
        foreach (string secret in new[] { "correct-horse", "battery-staple", "tell-nobody" }) Assert.DoesNotContain(secret, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_that_is_no_setting_is_a_mistake_of_usage() => Run("Storage").Exits(2);

    [Fact]
    public void A_cluster_that_does_not_answer_fails_and_nothing_else_is_looked_at()
    {
        CommandRun run = CommandRun.Of((_, _, _, _) => throw new ClusterUnavailableException("127.0.0.1:1", "there is nobody"), ["doctor", "--cluster", "127.0.0.1:1", "--json"]).Exits(1);
        JsonElement finding = Assert.Single(run.Json.GetProperty("findings").EnumerateArray());
        Assert.Equal(("cluster", "failed"), (finding.GetProperty("check").GetString(), finding.GetProperty("verdict").GetString()));
        Assert.Contains("there is nobody", finding.GetProperty("seen").GetString(), StringComparison.Ordinal);
    }

    private static CommandRun Run(params string[] arguments) => CommandRun.Of(["doctor", .. arguments]);

    private static string FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private string State() => "Storage:State=" + In("state");

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
