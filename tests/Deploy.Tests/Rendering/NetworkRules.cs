using k8s.Models;

namespace MaskRcnn.Deploy.Tests.Rendering;

/// <summary>The rules of NetworkPolicy, written plainly: what a policy selects is closed but for what some policy allows, at both ends.</summary>
internal sealed class NetworkRules(Overlay overlay)
{
    private readonly V1NetworkPolicy[] _policies = [.. overlay.Of<V1NetworkPolicy>()];

    /// <summary>Whether a pod reaches another's port; null as target: an address outside the cluster.</summary>
    public bool Allows(IDictionary<string, string> from, IDictionary<string, string>? to, int port, string protocol = "TCP") =>
        Leaves(from, to, port, protocol) && (to is null || Enters(from, to, port, protocol));

    private bool Leaves(IDictionary<string, string> from, IDictionary<string, string>? to, int port, string protocol)
    {
        V1NetworkPolicy[] closing = [.. Selecting(from, "Egress")];
        return closing.Length == 0 || closing.SelectMany(p => p.Spec.Egress ?? []).Any(rule => IsPort(rule.Ports, port, protocol) && IsPeer(rule.To, to));
    }

    private bool Enters(IDictionary<string, string> from, IDictionary<string, string> to, int port, string protocol)
    {
        V1NetworkPolicy[] closing = [.. Selecting(to, "Ingress")];
        return closing.Length == 0 || closing.SelectMany(p => p.Spec.Ingress ?? []).Any(rule => IsPort(rule.Ports, port, protocol) && IsPeer(rule.FromProperty, from));
    }

    private IEnumerable<V1NetworkPolicy> Selecting(IDictionary<string, string> pod, string type) => _policies.Where(p => p.Spec.PolicyTypes.Contains(type) && Matches(p.Spec.PodSelector, pod));

    private static bool IsPort(IList<V1NetworkPolicyPort>? ports, int port, string protocol) =>
        ports is null or [] || ports.Any(p => (p.Protocol ?? "TCP") == protocol && p.Port?.Value == port.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static bool IsPeer(IList<V1NetworkPolicyPeer>? peers, IDictionary<string, string>? pod) =>
        peers is null or [] || peers.Any(peer => peer is { IpBlock: null, NamespaceSelector: null } && pod is not null && Matches(peer.PodSelector, pod));

    /// <summary>Whether a selector takes a pod.</summary>
    public static bool Matches(V1LabelSelector selector, IDictionary<string, string> pod) =>
        (selector.MatchLabels ?? new Dictionary<string, string>()).All(label => pod.TryGetValue(label.Key, out string? value) && value == label.Value)
        && (selector.MatchExpressions ?? []).All(e => e.OperatorProperty == "In"
            ? pod.TryGetValue(e.Key, out string? value) && e.Values.Contains(value)
            : throw new NotSupportedException($"A selector has the operator {e.OperatorProperty}; expected In."));
}
