using MaskRcnn.Grains;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Tests.Settings;

public sealed class SettingsSourcesTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        _folder.Write("appsettings.json", """{ "Storage": { "State": "file" }, "Leases": { "LiveSeconds": 20 }, "Endpoints": { "SiloPort": 1 } } // may have comments""");
        _folder.Environment["MASKRCNN_Storage__State"] = "environment";
        _folder.Environment["MASKRCNN_Endpoints__SiloPort"] = "2";
        SiloSettings settings = _folder.Read("--Endpoints:SiloPort", "3");
        Assert.Equal(("environment", 20, 3), (settings.Storage.State, settings.Leases.LiveSeconds, settings.Endpoints.SiloPort));
    }

    [Fact]
    public void A_settings_file_that_is_named_stands_in_for_appsettings()
    {
        _folder.Write("appsettings.json", """{ "Storage": { "State": "not this" }, "Unknown": 1 }""");
        _folder.Write("my.json", """{ "storage": { "state": "this" } }""");
        Assert.Equal("this", _folder.Read("--settings", "my.json").Storage.State);
    }

    [Fact]
    public void With_settings_none_the_command_line_is_all_there_is()
    {
        _folder.Write("appsettings.json", """{ "Logging": { } }""");
        _folder.Environment["MASKRCNN_Cluster__Clustering"] = "redis";
        Assert.Equal("development", _folder.Read("--settings", "none", "--Storage:State=s").Cluster.Clustering);
    }

    [Fact]
    public void A_list_is_taken_whole_from_the_last_source_that_has_it()
    {
        _folder.Write("appsettings.json", """{ "Roles": ["coordinator", "worker"], "Redis": { "Endpoints": ["a:1", "b:2", "c:3"] }, "Cluster": { "Clustering": "redis" }, "Storage": { "State": "s" } }""");
        _folder.Environment["MASKRCNN_Redis__Endpoints"] = "d:4, e:5";
        SiloSettings settings = _folder.Read("--Roles:0", "worker");
        Assert.Equal(["worker"], settings.Roles);
        Assert.Equal(["d:4", "e:5"], settings.Redis.Endpoints);
    }

    [Fact]
    public void An_empty_value_is_not_given()
    {
        _folder.Environment["MASKRCNN_Worker__Threads"] = "";
        Assert.Null(_folder.Read("--Storage:State", "s").Worker.Threads);
    }

    [Fact]
    public void Variables_of_other_purposes_are_no_settings()
    {
        _folder.Environment["MASKRCNN_CLUSTER"] = "10.0.0.5:30000";
        _folder.Environment["MASKRCNN_SILO_SERVICE_PORT"] = "1";
        _folder.Read("--Storage:State", "s");
    }

    [Fact]
    public void Every_mistake_is_listed_at_once_with_its_key_its_value_and_what_was_expected()
    {
        _folder.Environment["MASKRCNN_Leases__LiveSeconds"] = "soon";
        _folder.Environment["MASKRCNN_Endpoints__Advertised"] = "10.0.0.1";
        string[] mistakes = _folder.Mistakes("--Roles", "coordinator,boss", "--Cluster:Clustering", "zookeeper", "--Redis:Database", "16", "--Leases:RenewSeconds", "0", "--Worker:Threads");
        Assert.Equal(
        [
            "Worker:Threads is not given; expected a value after it.",
            "Endpoints:Advertised is '(not shown)'; expected another key; here there are AdvertisedAddress, ListenAddress, SiloPort, GatewayPort, PrivateNetwork.",
            "Leases:LiveSeconds is 'soon'; expected a number.",
            "Roles is 'coordinator,boss'; expected coordinator, worker, or both with a comma between them.",
            "Cluster:Clustering is 'zookeeper'; expected 'development' or 'redis'.",
            "Redis:Database is '16'; expected 0 to 15.",
            "Storage:State is not given; expected a folder, or the URI of a container.",
            "Leases:RenewSeconds is '0'; expected more than 0 and at most half of Leases:LiveSeconds.",
        ], mistakes);
    }

    [Theory]
    [InlineData("{ \"Redis\": ")]
    [InlineData("[]")]
    [InlineData("")]
    public void A_file_that_is_no_JSON_object_is_a_mistake(string text)
    {
        _folder.Write("appsettings.json", text);
        Assert.Contains(_folder.Mistakes("--Storage:State", "s"), mistake => mistake.Contains("appsettings.json", StringComparison.Ordinal) && mistake.Contains("JSON", StringComparison.Ordinal));
    }

    [Fact]
    public void State_that_cannot_be_written_is_a_mistake() =>
        Assert.Equal(["Storage:State is 's3://bucket/state'; expected a folder, or the URI of a container: S3-compatible stores are read, and nothing is written to them."], _folder.Mistakes("--settings", "none", "--Storage:State", "s3://bucket/state"));

    [Fact]
    public void A_settings_file_that_is_missing_is_a_mistake() =>
        Assert.Equal(["--settings is 'nowhere.json'; expected a JSON file that is there."], _folder.Mistakes("--settings", "nowhere.json", "--Storage:State", "s"));

    [Theory]
    [InlineData("Storage:State", "The command line is 'Storage:State'; expected --Section:Key value, or --Section:Key=value.")]
    [InlineData("--Storage", "Storage is '(not shown)'; expected a section; its keys are Storage:State, Storage:Roots, Storage:KeepJobsDays.")]
    [InlineData("--Roles:first", "Roles:first is '(not shown)'; expected Roles:0, Roles:1, …, each with a value.")]
    [InlineData("--Worker:Threads:0", "Worker:Threads:0 is '(not shown)'; expected no key below Worker:Threads, which is one value.")]
    public void Arguments_that_are_no_setting_are_mistakes(string argument, string mistake) =>
        Assert.Contains(mistake, _folder.Mistakes(argument == "Storage:State" ? [argument] : [argument, "x", "--Storage:State", "s"]));

    [Fact]
    public void Limits_beyond_what_can_be_are_mistakes_and_those_beyond_32_bits_are_not() => Assert.Equal(
        ["Limits:Images is 'many'; expected a whole number.", "Limits:UriCharacters is '3'; expected 16 to 65536.", "Limits:ImageBytes is '-1'; expected 1 to 2147483591."],
        _folder.Mistakes("--Limits:UriCharacters", "3", "--Limits:ImageBytes", "-1", "--Limits:ModelBytes", "5497558138880", "--Limits:Images", "many", "--Storage:State", "s"));

    [Fact]
    public void A_password_is_never_shown()
    {
        const string Password = "correct-horse";
        _folder.Environment["MASKRCNN_Redis__Password"] = Password;
        SiloSettings settings = _folder.Read("--Storage:State", "s");
        Assert.Equal(Password, settings.Redis.Password!.Reveal());
        Assert.DoesNotContain(Password, settings.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SettingsArguments.Of(settings));
        // Nor when it stands in a wrong place.
        _folder.Environment["MASKRCNN_Redis__Pasword"] = Password;
        Assert.DoesNotContain(Password, string.Concat(_folder.Mistakes("--Redis:Password", Password, "--Redis:Password:0", Password, "--Redis", Password)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_does_not_stand_on_the_command_line() => Assert.Equal(
        ["Redis:Password is '(not shown)'; expected to stand in the environment (MASKRCNN_Redis__Password) or in a file: everybody on the machine can read a command line."],
        _folder.Mistakes("--Redis:Password", "x", "--Storage:State", "s"));

    [Fact]
    public void A_SAS_of_the_state_root_is_not_shown() =>
        Assert.DoesNotContain("sig=", _folder.Read("--Storage:State", "https://account.blob.core.windows.net/c?sig=secret").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Settings_as_a_command_line_are_the_same_settings()
    {
        SiloSettings settings = new()
        {
            Roles = ["worker"],
            Supervised = true,
            Cluster = new ClusterSettings { Id = "mine", Primary = "127.0.0.1:1" },
            Endpoints = new EndpointSettings { SiloPort = 5, GatewayPort = 6 },
            Storage = new StorageSettings { State = "a=b c" },
            Worker = new WorkerSettings { Devices = ["cuda:0", "cuda:1"], Threads = 3 },
            Leases = new LeaseSettings { LiveSeconds = 2.5, RenewSeconds = .5 },
            Drain = new DrainSettings { GraceSeconds = 2.5 },
            Limits = new Limits { ModelBytes = 5L << 40, Images = 7 },
        };
        _folder.Write("appsettings.json", """{ "Endpoints": { "SiloPort": 9, "PrivateNetwork": true } }""");
        Assert.Equivalent(settings, _folder.Read([.. SettingsArguments.Of(settings)]), strict: true);
    }
}
