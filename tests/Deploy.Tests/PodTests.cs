using System.Text.RegularExpressions;
using System.Xml.Linq;
using k8s.Models;
using MaskRcnn.Deploy.Tests.Images;
using MaskRcnn.Deploy.Tests.Rendering;

namespace MaskRcnn.Deploy.Tests;

/// <summary>How many pods there are, what they may do, and what they need.</summary>
public sealed partial class PodTests
{
    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public void Of_two_coordinators_one_stays(string name)
    {
        var overlay = Overlay.Load(name);
        V1Deployment coordinator = overlay.Deployment("maskrcnn-coordinator");
        Assert.Equal(2, coordinator.Spec.Replicas);
        Assert.Equal("1", coordinator.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
        V1PodDisruptionBudget budget = Assert.Single(overlay.Of<V1PodDisruptionBudget>());
        Assert.Equal("1", budget.Spec.MinAvailable.Value);
        Assert.True(NetworkRules.Matches(budget.Spec.Selector, coordinator.Spec.Template.Metadata.Labels));
        Assert.False(NetworkRules.Matches(budget.Spec.Selector, overlay.Deployment("maskrcnn-worker").Spec.Template.Metadata.Labels));
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public void The_number_of_workers_is_left_to_who_scales_them_and_a_new_one_takes_the_place_of_an_old_one(string name)
    {
        V1Deployment worker = Overlay.Load(name).Deployment("maskrcnn-worker");
        Assert.Null(worker.Spec.Replicas);
        Assert.Equal("0", worker.Spec.Strategy.RollingUpdate.MaxSurge.Value);
        Assert.Equal("1", worker.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
    }

    [Fact]
    public void A_gpu_worker_has_one_gpu_and_goes_where_gpus_are()
    {
        var overlay = Overlay.Load("overlays/gpu");
        V1PodSpec worker = overlay.Deployment("maskrcnn-worker").Spec.Template.Spec;
        V1Container container = Assert.Single(worker.Containers);
        Assert.Equal("1", container.Resources.Limits["nvidia.com/gpu"].ToString());
        Assert.Contains(worker.Tolerations, t => t is { Key: "nvidia.com/gpu", OperatorProperty: "Exists", Effect: "NoSchedule" });
        Assert.Equal("true", worker.NodeSelector["nvidia.com/gpu.present"]);
        Assert.StartsWith("maskrcnn/silo-cuda:", container.Image, StringComparison.Ordinal);
        V1PodSpec coordinator = overlay.Deployment("maskrcnn-coordinator").Spec.Template.Spec;
        Assert.StartsWith("maskrcnn/silo:", coordinator.Containers[0].Image, StringComparison.Ordinal);
        Assert.Null(coordinator.NodeSelector);
        Assert.DoesNotContain("nvidia.com/gpu", coordinator.Containers[0].Resources.Limits.Keys);
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public void Every_pod_is_one_that_the_restricted_standard_admits(string name)
    {
        var overlay = Overlay.Load(name);
        Assert.Equal("restricted", Assert.Single(overlay.Of<V1Namespace>()).Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        Assert.All(overlay.Of<V1ServiceAccount>(), account => Assert.False(account.AutomountServiceAccountToken));
        foreach ((string pod, V1PodTemplateSpec template) in overlay.Pods)
        {
            V1PodSpec spec = template.Spec;
            Assert.True(spec.SecurityContext.RunAsNonRoot == true && spec.SecurityContext.RunAsUser > 0, pod);
            Assert.Equal("RuntimeDefault", spec.SecurityContext.SeccompProfile.Type);
            Assert.False(spec.AutomountServiceAccountToken);
            Assert.False(spec.EnableServiceLinks);
            Assert.Contains(overlay.Of<V1ServiceAccount>(), account => account.Metadata.Name == spec.ServiceAccountName);
            Assert.True(spec is { HostNetwork: null, HostPID: null, HostIPC: null }, pod);
            Assert.All(spec.Volumes, volume => Assert.True(volume.EmptyDir is not null || volume.Secret is not null, $"{pod}: {volume.Name}"));
            foreach (V1Container container in spec.Containers.Concat(spec.InitContainers ?? []))
            {
                Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.Null(container.SecurityContext.Capabilities.Add);
                Assert.All(container.Ports ?? [], port => Assert.Null(port.HostPort));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public void Every_container_asks_for_what_it_needs_and_no_silo_has_its_cpu_limited(string name)
    {
        var overlay = Overlay.Load(name);
        foreach (V1Container container in overlay.Pods.Select(pod => pod.Template.Spec.Containers.Single()))
        {
            foreach (string resource in new[] { "cpu", "memory" }) Assert.Contains(resource, container.Resources.Requests.Keys);
            Assert.True(container.Resources.Limits["memory"].ToDecimal() >= container.Resources.Requests["memory"].ToDecimal());
            Assert.DoesNotContain("cpu", container.Resources.Limits.Keys);
        }
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public void Our_images_are_of_this_version_and_pods_run_as_their_user(string name)
    {
        string version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        foreach ((string pod, V1PodTemplateSpec template) in Overlay.Load(name).Pods.Where(pod => pod.Name.StartsWith("maskrcnn-", StringComparison.Ordinal)))
        {
            string image = template.Spec.Containers.Single().Image;
            string file = image.StartsWith("maskrcnn/silo-cuda:", StringComparison.Ordinal) ? "cuda.Dockerfile" : "cpu.Dockerfile";
            Assert.EndsWith($":{version}", image, StringComparison.Ordinal);
            // The file says how it is built, with this name.
            Assert.Contains($"-t {image} .", Repository.Text($"deploy/docker/{file}"), StringComparison.Ordinal);
            var docker = Dockerfile.Load(file);
            string stage = image.StartsWith("maskrcnn/client:", StringComparison.Ordinal) ? "client" : "silo";
            Assert.True($"{template.Spec.SecurityContext.RunAsUser}:{template.Spec.SecurityContext.RunAsGroup}" == docker.One(stage, "USER").Arguments, pod);
        }
    }

    [Theory]
    [InlineData("overlays/local")]
    [InlineData("overlays/gpu")]
    public void Every_secret_is_rendered_or_made_by_the_documentation_with_the_keys_that_are_used(string name)
    {
        var overlay = Overlay.Load(name);
        Dictionary<string, HashSet<string>> known = overlay.Of<V1Secret>().ToDictionary(s => s.Metadata.Name, s => s.Data.Keys.ToHashSet());
        foreach (Match command in CreateSecret().Matches(Repository.Text("docs/kubernetes.md").Replace("\\\n", " ", StringComparison.Ordinal)))
        {
            HashSet<string> keys = [.. SecretKey().Matches(command.Groups[2].Value).Select(match => match.Groups[1].Value)];
            known[command.Groups[1].Value] = keys;
        }
        foreach ((string pod, V1PodTemplateSpec template) in overlay.Pods)
        {
            V1Container container = template.Spec.Containers.Single();
            foreach (V1SecretKeySelector reference in (container.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>())
                Assert.True(known.TryGetValue(reference.Name, out HashSet<string>? keys) && keys.Contains(reference.Key), $"{name}, {pod}: nobody makes the Secret {reference.Name} with {reference.Key}.");
            foreach (V1SecretVolumeSource secret in template.Spec.Volumes.Select(volume => volume.Secret).OfType<V1SecretVolumeSource>())
                Assert.True(known.TryGetValue(secret.SecretName, out HashSet<string>? keys) && keys.SetEquals(["ca.crt", "tls.crt", "tls.key"]), $"{name}, {pod}: nobody makes the Secret {secret.SecretName}.");
        }
        // Whatever holds a secret is not in a ConfigMap.
        Assert.All(overlay.Of<V1ConfigMap>().SelectMany(map => map.Data.Keys), key => Assert.DoesNotContain("Password", key, StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"kubectl[^\n]* create secret generic (\S+)([^\n]*)")]
    private static partial Regex CreateSecret();

    [GeneratedRegex(@"--from-(?:file|literal)=([^=\s]+)=")]
    private static partial Regex SecretKey();
}
