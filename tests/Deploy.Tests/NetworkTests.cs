using System.Text.RegularExpressions;
using k8s.Models;
using MaskRcnn.Deploy.Tests.Rendering;

namespace MaskRcnn.Deploy.Tests;

public sealed partial class NetworkTests
{
    private const int Silo = 11111, Gateway = 30000, Health = 8081;

    private static readonly Dictionary<string, string> Stranger = new() { ["app"] = "stranger" };

    [Theory]
    [InlineData("overlays/local")]
    [InlineData("overlays/gpu")]
    public void Only_silos_reach_silos_and_only_clients_reach_gateways(string name)
    {
        var overlay = Overlay.Load(name);
        var rules = new NetworkRules(overlay);
        (IDictionary<string, string> coordinator, IDictionary<string, string> worker, IDictionary<string, string> client) = (Labels(overlay, "maskrcnn-coordinator"), Labels(overlay, "maskrcnn-worker"), Labels(overlay, "maskrcnn-client"));
        foreach ((IDictionary<string, string> from, IDictionary<string, string> to) in new[] { (coordinator, worker), (worker, coordinator), (coordinator, coordinator), (worker, worker) })
            Assert.True(rules.Allows(from, to, Silo));
        Assert.True(rules.Allows(client, coordinator, Gateway));
        Assert.False(rules.Allows(client, coordinator, Silo));
        Assert.False(rules.Allows(client, worker, Silo));
        Assert.False(rules.Allows(worker, coordinator, Gateway));
        foreach (IDictionary<string, string> to in new[] { coordinator, worker, client })
        {
            foreach (int port in new[] { Silo, Gateway }) Assert.False(rules.Allows(Stranger, to, port));
        }
        foreach (IDictionary<string, string> from in new[] { coordinator, worker, client }) Assert.True(rules.Allows(from, null, 53, "UDP"));
    }

    [Fact]
    public void In_the_local_overlay_Redis_and_Azurite_are_reached_by_who_needs_them_and_nothing_outside_is()
    {
        var overlay = Overlay.Load("overlays/local");
        var rules = new NetworkRules(overlay);
        foreach (string silo in new[] { "maskrcnn-coordinator", "maskrcnn-worker" })
        {
            Assert.True(rules.Allows(Labels(overlay, silo), Labels(overlay, "redis"), 6379));
            Assert.True(rules.Allows(Labels(overlay, silo), Labels(overlay, "azurite"), 10000));
            Assert.False(rules.Allows(Labels(overlay, silo), null, 443));
        }
        Assert.True(rules.Allows(Labels(overlay, "maskrcnn-client"), Labels(overlay, "azurite"), 10000));
        Assert.False(rules.Allows(Labels(overlay, "maskrcnn-client"), Labels(overlay, "redis"), 6379));
        // Put Block From URL: the emulator fetches from itself.
        Assert.True(rules.Allows(Labels(overlay, "azurite"), Labels(overlay, "azurite"), 10000));
    }

    [Fact]
    public void In_the_gpu_overlay_Redis_and_storage_outside_are_reached()
    {
        var overlay = Overlay.Load("overlays/gpu");
        foreach (int port in new[] { 443, 6380 }) Assert.True(new NetworkRules(overlay).Allows(Labels(overlay, "maskrcnn-worker"), null, port));
        Assert.False(new NetworkRules(overlay).Allows(Labels(overlay, "maskrcnn-worker"), null, 80));
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public void The_health_port_is_open_to_probes_and_collectors(string name)
    {
        var overlay = Overlay.Load(name);
        foreach (V1Deployment silo in overlay.Silos)
        {
            Assert.Contains(overlay.Of<V1NetworkPolicy>().Where(p => NetworkRules.Matches(p.Spec.PodSelector, silo.Spec.Template.Metadata.Labels)).SelectMany(p => p.Spec.Ingress ?? []),
                rule => rule.FromProperty is null or [] && rule.Ports is [{ Port.Value: "8081" }]);
            Assert.Contains(Overlay.Container(silo).Ports, port => port is { Name: "health", ContainerPort: Health });
            IDictionary<string, string> annotations = silo.Spec.Template.Metadata.Annotations;
            Assert.Equal(("true", "8081", "/metrics"), (annotations["prometheus.io/scrape"], annotations["prometheus.io/port"], annotations["prometheus.io/path"]));
        }
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public void Every_selector_finds_its_pods_and_every_port_of_a_service_is_one_of_theirs(string name)
    {
        var overlay = Overlay.Load(name);
        foreach (V1Deployment deployment in overlay.Of<V1Deployment>()) Assert.True(NetworkRules.Matches(deployment.Spec.Selector, deployment.Spec.Template.Metadata.Labels), deployment.Metadata.Name);
        foreach (V1StatefulSet set in overlay.Of<V1StatefulSet>()) Assert.True(NetworkRules.Matches(set.Spec.Selector, set.Spec.Template.Metadata.Labels), set.Metadata.Name);
        // Each pod has one owner.
        foreach ((string pod, V1PodTemplateSpec template) in overlay.Pods) Assert.Single(overlay.Of<V1Deployment>().Select(d => d.Spec.Selector).Concat(overlay.Of<V1StatefulSet>().Select(s => s.Spec.Selector)), s => NetworkRules.Matches(s, template.Metadata.Labels));
        foreach (V1Service service in overlay.Of<V1Service>())
        {
            (string _, V1PodTemplateSpec template) = Assert.Single(overlay.Pods, pod => NetworkRules.Matches(new V1LabelSelector { MatchLabels = service.Spec.Selector }, pod.Template.Metadata.Labels));
            foreach (V1ServicePort port in service.Spec.Ports)
            {
                V1ContainerPort target = Assert.Single(template.Spec.Containers.Single().Ports, p => p.Name == port.TargetPort.Value);
                // A headless service does not change ports.
                Assert.Equal(port.Port, target.ContainerPort);
            }
        }
    }

    /// <summary>In the base there are no clients yet.</summary>
    [Theory]
    [InlineData("overlays/local")]
    [InlineData("overlays/gpu")]
    public void Every_policy_selects_pods_that_are_there(string name)
    {
        var overlay = Overlay.Load(name);
        foreach (V1NetworkPolicy policy in overlay.Of<V1NetworkPolicy>())
        {
            IEnumerable<V1LabelSelector> selectors = (policy.Spec.Ingress ?? []).SelectMany(r => r.FromProperty ?? []).Concat((policy.Spec.Egress ?? []).SelectMany(r => r.To ?? [])).Select(p => p.PodSelector).Append(policy.Spec.PodSelector);
            foreach (V1LabelSelector selector in selectors) Assert.True(overlay.Pods.Any(pod => NetworkRules.Matches(selector, pod.Template.Metadata.Labels)), $"{name}: {policy.Metadata.Name} selects nothing.");
        }
    }

    [Fact]
    public void Local_addresses_are_the_services_that_are_inside()
    {
        var overlay = Overlay.Load("overlays/local");
        string settings = Assert.Single(overlay.Of<V1ConfigMap>()).Data["MASKRCNN_Redis__Endpoints"];
        Assert.Equal(settings, Address("redis"));
        string connection = System.Text.Encoding.UTF8.GetString(Assert.Single(overlay.Of<V1Secret>(), s => s.Data.ContainsKey("connection-string")).Data["connection-string"]);
        Assert.Contains($"BlobEndpoint=http://{Address("azurite")}/devstoreaccount1;", connection, StringComparison.Ordinal);

        string Address(string service) => Assert.Single(overlay.Of<V1Service>(), s => s.Metadata.Name == service) is var found ? $"{service}:{found.Spec.Ports.Single().Port}" : "";
    }

    [Fact]
    public void Azurite_is_the_version_that_storage_is_tested_with_and_Redis_is_set_up_as_silos_want_it()
    {
        var overlay = Overlay.Load("overlays/local");
        string version = AzuriteVersion().Match(Repository.Text("tests/azurite/start.sh")).Groups[1].Value;
        Assert.EndsWith($":{version}", Container("azurite").Image, StringComparison.Ordinal);
        string redis = string.Join(' ', Container("redis").Args);
        Assert.Contains("--appendonly yes", redis, StringComparison.Ordinal);
        Assert.Contains("--maxmemory-policy noeviction", redis, StringComparison.Ordinal);

        V1Container Container(string name) => Assert.Single(overlay.Pods, p => p.Name == name).Template.Spec.Containers.Single();
    }

    private static IDictionary<string, string> Labels(Overlay overlay, string name) => Assert.Single(overlay.Pods, pod => pod.Name == name).Template.Metadata.Labels;

    [GeneratedRegex("azurite_version=([0-9.]+)")]
    private static partial Regex AzuriteVersion();
}
