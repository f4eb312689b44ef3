using k8s;
using k8s.Models;

namespace MaskRcnn.Deploy.Tests.Rendering;

/// <summary>The objects of a rendered folder, parsed strictly.</summary>
internal sealed class Overlay
{
    private readonly List<object> _objects;

    private Overlay(string name, string yaml) => (Name, Yaml, _objects) = (name, yaml, Parse(yaml));

    /// <summary>What can be applied, and the base of it.</summary>
    public static TheoryData<string> All => ["base", "overlays/local", "overlays/gpu"];

    public string Name { get; }

    public string Yaml { get; }

    /// <summary>Each pod's template, by the name of what makes it.</summary>
    public IEnumerable<(string Name, V1PodTemplateSpec Template)> Pods =>
        [.. Of<V1Deployment>().Select(d => (d.Metadata.Name, d.Spec.Template)), .. Of<V1StatefulSet>().Select(s => (s.Metadata.Name, s.Spec.Template))];

    /// <summary>The Deployments that run a silo.</summary>
    public IEnumerable<V1Deployment> Silos => Of<V1Deployment>().Where(d => Container(d).Name == "silo");

    public static Overlay Load(string name) => new(name, Kubectl.Render(name));

    public static List<object> Parse(string yaml) => KubernetesYaml.LoadAllFromString(yaml, typeMap: null, strict: true);

    public static V1Container Container(V1Deployment deployment) => Assert.Single(deployment.Spec.Template.Spec.Containers);

    public IEnumerable<object> Objects => _objects;

    public IEnumerable<T> Of<T>() => _objects.OfType<T>();

    public V1Deployment Deployment(string name) => Assert.Single(Of<V1Deployment>(), d => d.Metadata.Name == name);

    public V1ConfigMap ConfigMap(string name) => Assert.Single(Of<V1ConfigMap>(), c => c.Metadata.Name == name);

    public override string ToString() => Name;
}
