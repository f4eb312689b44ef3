using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;
using MaskRcnn.Client.Connection;
using MaskRcnn.Deploy.Tests.Images;
using MaskRcnn.Deploy.Tests.Rendering;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Transport;
using MaskRcnn.Transport.Trial;

namespace MaskRcnn.Deploy.Tests;

/// <summary>What is rendered, read by the silo's own reader and judged by its own rules.</summary>
public sealed partial class SettingsTests : IDisposable
{
    /// <summary>For what follows the drain: grains move, the process ends. More than the silo gives itself for it.</summary>
    private const int MarginSeconds = 15;

    private readonly string _folder = Directory.CreateTempSubdirectory("deploy-tests-").FullName;

    public static TheoryData<string, string> Silos
    {
        get
        {
            var silos = new TheoryData<string, string>();
            foreach (TheoryDataRow<string> overlay in Overlay.All)
            {
                silos.Add(overlay.Data, "maskrcnn-coordinator");
                silos.Add(overlay.Data, "maskrcnn-worker");
            }
            return silos;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Silos))]
    public void A_silo_has_no_mistake_in_its_settings(string overlay, string silo)
    {
        SiloSettings settings = Read(overlay, silo);
        Assert.Empty(SettingsRules.Mistakes(settings));
        Assert.Equal(silo == "maskrcnn-worker" ? ["worker"] : ["coordinator"], settings.Roles);
        Assert.Equal(ContainerEnvironment.PodAddress, settings.Endpoints.AdvertisedAddress);
        Assert.Equal(ContainerEnvironment.PodName, settings.Cluster.SiloName);
        Assert.Equal("redis", settings.Cluster.Clustering);
        Assert.Equal("secret password", settings.Redis.Password!.Reveal());
        Assert.False(settings.Endpoints.PrivateNetwork);
        Assert.NotNull(settings.Tls.CaFile);
        // What a collector of metrics and one of logs want; the dashboard is asked for by hand.
        Assert.Equal((8081, true, true), (settings.Health.Port, settings.Telemetry.Prometheus, settings.Telemetry.JsonLogs));
        Assert.False(settings.Dashboard.Enabled || settings.Dashboard.PrivateNetwork);
    }

    [Fact]
    public void A_worker_computes_with_the_cores_that_it_asks_for_on_the_device_that_it_is_given()
    {
        Assert.Equal((2, "cpu"), (Read("overlays/local", "maskrcnn-worker").Worker.Threads, Read("overlays/local", "maskrcnn-worker").Worker.Devices.Single()));
        Assert.Equal((4, "cuda:0"), (Read("overlays/gpu", "maskrcnn-worker").Worker.Threads, Read("overlays/gpu", "maskrcnn-worker").Worker.Devices.Single()));
    }

    [Theory]
    [MemberData(nameof(Silos))]
    public void Every_variable_is_a_setting_or_one_of_the_store(string overlay, string silo)
    {
        // The reader finds unknown keys of sections, but passes over names that have none.
        foreach (string name in Variables(overlay, silo).Keys.Cast<string>())
            Assert.True(name is "MASKRCNN_Roles" or "AZURE_STORAGE_CONNECTION_STRING" || SectionAndKey().IsMatch(name), $"{overlay}, {silo}: {name} is no setting of a silo.");
    }

    [Fact]
    public void A_wrong_name_or_value_in_what_is_rendered_is_a_mistake()
    {
        Hashtable variables = Variables("overlays/local", "maskrcnn-worker");
        variables["MASKRCNN_Worker__Device"] = "cpu";
        variables["MASKRCNN_Health__Port"] = "eight";
        variables["MASKRCNN_Redis__Endpoints"] = "";
        SettingsException exception = Assert.Throws<SettingsException>(() => SettingsSources.Read([], variables, _folder));
        Assert.Equal(["Health:Port", "Redis:Endpoints", "Worker:Device"], exception.Mistakes.Select(m => m.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Silos))]
    public void Ports_are_those_that_the_silo_listens_on(string overlay, string silo)
    {
        SiloSettings settings = Read(overlay, silo);
        Dictionary<string, int> ports = Overlay.Container(Overlay.Load(overlay).Deployment(silo)).Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
        Dictionary<string, int> expected = new() { ["silo"] = settings.Endpoints.SiloPort, ["health"] = settings.Health.Port };
        if (settings.Endpoints.GatewayPort != 0) expected["gateway"] = settings.Endpoints.GatewayPort;
        Assert.Equal(expected.OrderBy(p => p.Key), ports.OrderBy(p => p.Key));
        Assert.Equal(settings.Has("coordinator"), ports.ContainsKey("gateway"));
    }

    [Theory]
    [InlineData("cpu.Dockerfile")]
    [InlineData("cuda.Dockerfile")]
    public void Images_expose_the_ports_of_a_coordinator(string name)
    {
        SiloSettings settings = Read("base", "maskrcnn-coordinator");
        int[] expected = [new EndpointSettings().SiloPort, settings.Endpoints.GatewayPort, settings.Health.Port];
        Assert.Equal(expected, Dockerfile.Load(name).One("silo", "EXPOSE").Words.Select(word => int.Parse(word, CultureInfo.InvariantCulture)));
        Assert.Equal(expected[0], settings.Endpoints.SiloPort);
    }

    [Theory]
    [MemberData(nameof(Silos))]
    public void Probes_ask_the_health_port_and_wait_long_enough(string overlay, string silo)
    {
        SiloSettings settings = Read(overlay, silo);
        V1Container container = Overlay.Container(Overlay.Load(overlay).Deployment(silo));
        string server = Repository.Text("src/Silo/Health/HealthServer.cs");
        foreach ((V1Probe probe, string question) in new[] { (container.StartupProbe, "started"), (container.ReadinessProbe, "ready"), (container.LivenessProbe, "live") })
        {
            Assert.Equal($"/health/{question}", probe.HttpGet.Path);
            Assert.Contains($"Map(\"{question}\"", server, StringComparison.Ordinal);
            Assert.Equal(settings.Health.Port, Assert.Single(container.Ports, port => port.Name == probe.HttpGet.Port.Value).ContainerPort);
        }
        Assert.Equal(ContainerEnvironment.PodAddress, settings.Health.Address);
        // A silo that waits for Redis ends by itself with a code that says so; it is not to be killed before, and then has to join.
        Assert.True(container.StartupProbe.PeriodSeconds * container.StartupProbe.FailureThreshold >= settings.Cluster.StartSeconds * 2);
    }

    [Theory]
    [MemberData(nameof(Silos))]
    public void A_silo_has_time_to_leave_and_a_margin(string overlay, string silo)
    {
        long? grace = Overlay.Load(overlay).Deployment(silo).Spec.Template.Spec.TerminationGracePeriodSeconds;
        double drain = Read(overlay, silo).Drain.GraceSeconds;
        Assert.InRange(grace ?? 0, drain + MarginSeconds, 4 * drain);
    }

    [Theory]
    [MemberData(nameof(Silos))]
    public void What_a_silo_writes_and_reads_is_mounted(string overlay, string silo)
    {
        V1PodSpec pod = Overlay.Load(overlay).Deployment(silo).Spec.Template.Spec;
        V1Container container = Assert.Single(pod.Containers);
        string cache = (string)Variables(overlay, silo)["MASKRCNN_Worker__Cache"]!;
        foreach (string path in new[] { cache, "/tmp" }.Concat(Dockerfile.Load("cpu.Dockerfile").One("silo", "VOLUME").Array))
        {
            V1VolumeMount mount = Assert.Single(container.VolumeMounts, m => m.MountPath == path);
            Assert.NotNull(Assert.Single(pod.Volumes, v => v.Name == mount.Name).EmptyDir);
        }
        V1VolumeMount certificates = Assert.Single(container.VolumeMounts, m => m.Name == "certificates");
        Assert.Null(certificates.SubPath);
        V1SecretVolumeSource secret = Assert.Single(pod.Volumes, v => v.Name == "certificates").Secret;
        Assert.Equal(("maskrcnn-silo-certificate", Convert.ToInt32("440", 8)), (secret.SecretName, secret.DefaultMode));
        Assert.NotNull(pod.SecurityContext.FsGroup);
    }

    [Theory]
    [InlineData("overlays/local")]
    [InlineData("overlays/gpu")]
    public void The_client_finds_the_coordinators(string name)
    {
        Overlay overlay = Overlay.Load(name);
        SiloSettings settings = Read(name, "maskrcnn-coordinator");
        V1Deployment client = overlay.Deployment("maskrcnn-client");
        Hashtable variables = new ContainerEnvironment(overlay, client.Spec.Template, Secret).Variables();
        ClusterAddress address = ClusterAddress.Parse((string)variables[ClusterAddress.EnvironmentVariable]!);
        GatewayAddress gateway = Assert.Single(address.Gateways);
        V1Service service = Assert.Single(overlay.Of<V1Service>(), s => s.Metadata.Name == gateway.Host);
        Assert.Equal("None", service.Spec.ClusterIP);
        Assert.Equal((settings.Cluster.Id, settings.Endpoints.GatewayPort), (address.Id, gateway.Port));
        // The rest of its variables are those that the command line reads.
        string options = Repository.Text("src/Client/Jobs/TlsOptions.cs");
        foreach (string variable in variables.Keys.Cast<string>().Where(v => v.StartsWith("MASKRCNN_TLS", StringComparison.Ordinal))) Assert.Contains($"\"{variable}\"", options, StringComparison.Ordinal);
        Assert.Equal(3, variables.Keys.Cast<string>().Count(v => v.StartsWith("MASKRCNN_TLS", StringComparison.Ordinal)));
    }

    private SiloSettings Read(string overlay, string silo) => SettingsSources.Read([], Variables(overlay, silo), _folder);

    /// <summary>With the certificates where the volume's files would be.</summary>
    private Hashtable Variables(string name, string silo)
    {
        var overlay = Overlay.Load(name);
        V1Deployment deployment = overlay.Deployment(silo);
        Hashtable variables = new ContainerEnvironment(overlay, deployment.Spec.Template, Secret).Variables();
        var trial = new TrialCertificates(_folder);
        if (!File.Exists(trial.CaFile)) trial.Write(TimeProvider.System, TimeSpan.FromDays(1));
        TlsFiles files = trial.FilesOf(TlsRole.Silo);
        string mount = Assert.Single(Overlay.Container(deployment).VolumeMounts, m => m.Name == "certificates").MountPath;
        // The keys of the Secret, as cert-manager and docs/kubernetes.md name them.
        Dictionary<string, string> mounted = new() { [$"{mount}/ca.crt"] = files.CaFile, [$"{mount}/tls.crt"] = files.CertificateFile, [$"{mount}/tls.key"] = files.KeyFile };
        foreach (string variable in variables.Keys.Cast<string>().ToArray())
        {
            if (variables[variable] is string value && value.StartsWith(mount, StringComparison.Ordinal)) variables[variable] = mounted[value];
        }
        return variables;
    }

    private static string? Secret(V1EnvVarSource source) => source.SecretKeyRef.Name.StartsWith("maskrcnn-redis", StringComparison.Ordinal) ? "secret password" : "UseDevelopmentStorage=true";

    [GeneratedRegex("^MASKRCNN_[A-Za-z]+__[A-Za-z]+$")]
    private static partial Regex SectionAndKey();
}
