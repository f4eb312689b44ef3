using System.Collections;
using System.Globalization;
using k8s.Models;

namespace MaskRcnn.Deploy.Tests.Rendering;

/// <summary>The environment that a container would have, with the files that would be mounted for it: what a kubelet does, in a temporary folder.</summary>
internal sealed class ContainerEnvironment(Overlay overlay, V1PodTemplateSpec template, Func<V1EnvVarSource, string?> secret)
{
    public const string PodAddress = "10.1.2.3", PodName = "maskrcnn-silo-5d9c7-x2x4z";

    public Hashtable Variables()
    {
        V1Container container = Assert.Single(template.Spec.Containers);
        var variables = new Hashtable();
        foreach (V1EnvFromSource source in container.EnvFrom ?? [])
        {
            Assert.True(string.IsNullOrEmpty(source.Prefix));
            foreach ((string name, string value) in overlay.ConfigMap(source.ConfigMapRef.Name).Data) variables[name] = value;
        }
        foreach (V1EnvVar variable in container.Env ?? [])
        {
            if (Value(container, variable) is { } value) variables[variable.Name] = value;
        }
        return variables;
    }

    private string? Value(V1Container container, V1EnvVar variable) => variable.ValueFrom switch
    {
        null => variable.Value ?? "",
        { FieldRef.FieldPath: "status.podIP" } => PodAddress,
        { FieldRef.FieldPath: "metadata.name" } => PodName,
        // Rounded up to whole cores, as the divisor is 1.
        { ResourceFieldRef: { Resource: "requests.cpu", Divisor: null } } => Math.Ceiling(container.Resources.Requests["cpu"].ToDecimal()).ToString(CultureInfo.InvariantCulture),
        { SecretKeyRef: not null } => secret(variable.ValueFrom),
        _ => throw new InvalidOperationException($"{variable.Name} comes from something that {nameof(ContainerEnvironment)} does not know."),
    };
}
