using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Tests.Settings;

public sealed class TelemetrySettingsTests
{
    private static readonly SiloSettings Right = new() { Storage = new StorageSettings { State = "state" }, Health = new HealthSettings { Port = 8081 } };

    [Theory]
    [InlineData("http://collector:4318", true)]
    [InlineData("https://collector/otlp", true)]
    [InlineData("collector:4318", false)]
    [InlineData("ftp://collector", false)]
    [InlineData("http://user:password@collector:4318", false)]
    [InlineData("http://collector:4318?key=secret", false)]
    [InlineData("nonsense", false)]
    public void A_collector_is_a_URI_without_secrets(string endpoint, bool isRight)
    {
        IReadOnlyList<SettingsMistake> mistakes = SettingsRules.Mistakes(Right with { Telemetry = new TelemetrySettings { OtlpEndpoint = endpoint } });
        Assert.Equal(isRight, mistakes.Count == 0);
        Assert.All(mistakes, mistake => Assert.DoesNotContain("secret", mistake.ToString().Replace("secrets", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void Headers_are_pairs_for_a_collector_and_are_not_shown()
    {
        Assert.Empty(Mistakes(new TelemetrySettings { OtlpEndpoint = "http://collector", OtlpHeaders = new Secret("Authorization=Bearer x,other=y") }));
        Assert.Equal(["Telemetry:OtlpHeaders"], Mistakes(new TelemetrySettings { OtlpEndpoint = "http://collector", OtlpHeaders = new Secret("tell-nobody") }));
        Assert.Equal(["Telemetry:OtlpHeaders"], Mistakes(new TelemetrySettings { OtlpHeaders = new Secret("a=tell-nobody") }));
        SettingsException refused = Assert.Throws<SettingsException>(() => SettingsSources.Read(["--settings", "none", "--Storage:State", "state", "--Telemetry:OtlpHeaders", "a=tell-nobody"]));
        Assert.DoesNotContain("tell-nobody", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Protocol_and_period_have_few_values() =>
        Assert.Equal(["Telemetry:OtlpProtocol", "Telemetry:OtlpSeconds"], Mistakes(new TelemetrySettings { OtlpProtocol = "udp", OtlpSeconds = 0 }));

    [Fact]
    public void Metrics_and_the_dashboard_need_the_health_port() => Assert.Equal(["Health:Port", "Health:Port"], SettingsRules.Mistakes(
        Right with { Health = new HealthSettings(), Telemetry = new TelemetrySettings { Prometheus = true }, Dashboard = new DashboardSettings { Enabled = true } }).Select(mistake => mistake.Key));

    [Fact]
    public void A_private_network_is_said_of_a_dashboard_that_is_there() =>
        Assert.Equal(["Dashboard:PrivateNetwork"], SettingsRules.Mistakes(Right with { Dashboard = new DashboardSettings { PrivateNetwork = true } }).Select(mistake => mistake.Key));

    private static IEnumerable<string> Mistakes(TelemetrySettings telemetry) => SettingsRules.Mistakes(Right with { Telemetry = telemetry }).Select(mistake => mistake.Key);
}
