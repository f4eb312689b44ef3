using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MaskRcnn.Storage.Tests.Proxy;

/// <summary>
/// Which requests go wrong. By a hash of the seed, what of the request repeats in every run, and how often it has come: so the same
/// requests go wrong however threads take turns.
/// </summary>
/// <param name="seed">Which plan.</param>
/// <param name="rate">The share of requests, 0 to 1.</param>
/// <param name="kinds">What happens to them, each as often as the others; none: everything there is.</param>
internal sealed partial class ProxyPlan(int seed, double rate, params ProxyFault[] kinds)
{
    private readonly ProxyFault[] _kinds = kinds.Length > 0 ? kinds : [.. Enum.GetValues<ProxyFault>().Where(kind => kind != ProxyFault.None)];
    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ProxyFault, int> _happened = new();

    /// <summary>How often what happened.</summary>
    public IReadOnlyDictionary<ProxyFault, int> Happened => _happened;

    /// <summary>What happens to a request.</summary>
    /// <param name="method">GET, PUT, …</param>
    /// <param name="pathAndQuery">As it was sent.</param>
    public ProxyFault Next(string method, string pathAndQuery)
    {
        string request = $"{method} {WhatRepeats(pathAndQuery)}";
        int number = _seen.AddOrUpdate(request, 1, (_, seen) => seen + 1);
        ReadOnlySpan<byte> hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {number} {request}"));
        if (BinaryPrimitives.ReadUInt32LittleEndian(hash) >= rate * uint.MaxValue) return ProxyFault.None;
        ProxyFault kind = _kinds[BinaryPrimitives.ReadUInt32LittleEndian(hash[4..]) % (uint)_kinds.Length];
        _happened.AddOrUpdate(kind, 1, (_, count) => count + 1);
        return kind;
    }

    /// <summary>What is the same in every run: not a SAS, nor random ids of blocks, nor the random part of a container's name.</summary>
    private static string WhatRepeats(string pathAndQuery)
    {
        pathAndQuery = RandomNames().Replace(pathAndQuery, "");
        int query = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        if (query < 0) return pathAndQuery;
        IEnumerable<string> kept = pathAndQuery[(query + 1)..].Split('&').Where(p => p.Split('=')[0] is "comp" or "restype" or "prefix" or "marker");
        return pathAndQuery[..query] + "?" + string.Join('&', kept);
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex RandomNames();
}
