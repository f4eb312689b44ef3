using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Tests.Settings;

public sealed class SettingsRulesTests
{
    private static readonly SiloSettings Right = new() { Storage = new StorageSettings { State = "state" } };

    [Fact]
    public void The_defaults_and_a_state_root_are_enough() => Assert.Empty(SettingsRules.Mistakes(Right));

    [Theory]
    [InlineData("0.0.0.0", null)]
    [InlineData("10.0.0.5", "Endpoints:PrivateNetwork")]
    [InlineData("somewhere", "Endpoints:AdvertisedAddress")]
    public void An_address_that_others_reach_needs_the_operators_word(string advertised, string? key) =>
        Assert.Equal(key ?? "Endpoints:AdvertisedAddress", SettingsRules.Mistakes(Right with { Endpoints = new EndpointSettings { AdvertisedAddress = advertised } })[0].Key);

    [Fact]
    public void On_a_private_network_a_silo_listens_everywhere() =>
        Assert.Empty(SettingsRules.Mistakes(Right with { Endpoints = new EndpointSettings { AdvertisedAddress = "10.0.0.5", ListenAddress = "0.0.0.0", PrivateNetwork = true } }));

    [Fact]
    public void Listening_everywhere_is_not_closed_by_advertising_loopback() =>
        Assert.Equal("Endpoints:PrivateNetwork", Assert.Single(SettingsRules.Mistakes(Right with { Endpoints = new EndpointSettings { ListenAddress = "0.0.0.0" } })).Key);

    [Theory]
    [InlineData("redis:6379", true)]
    [InlineData("[::1]:6379", true)]
    [InlineData("redis", false)]
    [InlineData("redis:0", false)]
    [InlineData("redis:65536", false)]
    [InlineData(":6379", false)]
    [InlineData("redis://redis:6379", false)]
    public void Endpoints_of_Redis_are_host_and_port(string endpoint, bool isRight) => Assert.Equal(isRight, SettingsRules.Mistakes(OnRedis(new RedisSettings { Endpoints = [endpoint] })).Count == 0);

    [Fact]
    public void A_cluster_on_Redis_needs_its_endpoints_and_has_no_primary()
    {
        SiloSettings settings = OnRedis(new RedisSettings());
        Assert.Equal(["Cluster:Primary", "Redis:Endpoints"], SettingsRules.Mistakes(settings with { Cluster = settings.Cluster with { Primary = "127.0.0.1:11111" } }).Select(mistake => mistake.Key));
    }

    [Fact]
    public void Redis_without_clustering_on_it_is_a_mistake() =>
        Assert.Equal("Redis:Endpoints", Assert.Single(SettingsRules.Mistakes(Right with { Redis = new RedisSettings { Endpoints = ["redis:6379"] } })).Key);

    [Fact]
    public void A_user_needs_a_password_and_files_must_be_there() => Assert.Equal(
        ["Redis:PasswordFile", "Redis:TlsCaFile"],
        SettingsRules.Mistakes(OnRedis(new RedisSettings { Endpoints = ["redis:1"], User = "silo", PasswordFile = "/no/such/file", Tls = true, TlsCaFile = "/no/such/ca" })).Select(mistake => mistake.Key));

    [Theory]
    [InlineData(0, false)]
    [InlineData(.5, false)]
    [InlineData(1, true)]
    [InlineData(3600, true)]
    [InlineData(3601, false)]
    public void A_silo_has_from_a_second_to_an_hour_to_leave(double seconds, bool isRight) =>
        Assert.Equal(isRight ? [] : ["Drain:GraceSeconds"], SettingsRules.Mistakes(Right with { Drain = new DrainSettings { GraceSeconds = seconds } }).Select(mistake => mistake.Key));

    [Theory]
    [InlineData("cpu", true)]
    [InlineData("cuda:12", true)]
    [InlineData("cuda", false)]
    [InlineData("cuda:-1", false)]
    [InlineData("gpu:0", false)]
    public void Devices_are_cpu_or_cuda_with_a_number(string device, bool isRight) =>
        Assert.Equal(isRight, SettingsRules.Mistakes(Right with { Worker = new WorkerSettings { Devices = [device] } }).Count == 0);

    private static SiloSettings OnRedis(RedisSettings redis) => Right with { Cluster = new ClusterSettings { Clustering = ClusterSettings.Redis }, Redis = redis };
}
