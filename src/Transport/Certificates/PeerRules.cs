using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MaskRcnn.Transport.Certificates;

/// <summary>
/// Which peer is one of ours: its certificate comes from our authority, is valid now, is for this use, and names the role. Its
/// address says nothing, and neither do the authorities that the machine trusts.
/// </summary>
internal static class PeerRules
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    /// <summary>Looks at a certificate.</summary>
    /// <param name="peer">The certificate.</param>
    /// <param name="sent">What came with it.</param>
    /// <param name="authorities">Ours.</param>
    /// <param name="roles">Any of these will do.</param>
    /// <param name="isServer">Whether the peer was called.</param>
    /// <param name="now">When.</param>
    /// <returns>Null: it is one of ours; else why not, as what follows "it".</returns>
    public static string? Problem(X509Certificate2 peer, X509Certificate2Collection sent, X509Certificate2Collection authorities, IReadOnlyList<TlsRole> roles, bool isServer, DateTimeOffset now)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(authorities, isServer, now) };
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        if (!chain.Build(peer)) return ChainProblem(peer, chain, isServer, now);
        IReadOnlyList<string> names = CertificateFacts.DnsNames(peer);
        if (roles.Any(role => names.Contains(role.Name(), StringComparer.OrdinalIgnoreCase))) return null;
        string wanted = string.Join(" or ", roles.Select(role => $"'{role.Name()}'"));
        return $"lacks the DNS name {wanted} among its alternative names (SAN), it has {(names.Count == 0 ? "none" : string.Join(", ", names.Take(8).Select(CertificateFacts.Shown)))}";
    }

    /// <summary>A policy that trusts our authorities alone and asks nobody on the network.</summary>
    public static X509ChainPolicy Policy(X509Certificate2Collection authorities, bool isServer, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            // An address in a stranger's certificate must not be called.
            DisableCertificateDownloads = true,
            VerificationTime = now.UtcDateTime,
        };
        policy.CustomTrustStore.AddRange(authorities);
        // A certificate that names no use may be used for all.
        policy.ApplicationPolicy.Add(isServer ? ServerUse : ClientUse);
        return policy;
    }

    private static string ChainProblem(X509Certificate2 peer, X509Chain chain, bool isServer, DateTimeOffset now)
    {
        X509ChainStatusFlags flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        if ((flags & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            return peer.SubjectName.RawData.AsSpan().SequenceEqual(peer.IssuerName.RawData)
                ? $"is signed by itself ({CertificateFacts.Subject(peer)}), not by our certificate authority"
                : $"does not come from our certificate authority, but from {CertificateFacts.Issuer(peer)}";
        }
        if (flags.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            if (peer.NotAfter.ToUniversalTime() < now.UtcDateTime) return $"has expired at {Text(peer.NotAfter)}";
            if (peer.NotBefore.ToUniversalTime() > now.UtcDateTime) return $"is not valid before {Text(peer.NotBefore)} (it is {Text(now.UtcDateTime)} here)";
            return "comes from a certificate authority whose own certificate has expired or is not valid yet";
        }
        if (flags.HasFlag(X509ChainStatusFlags.NotValidForUsage)) return $"is not for TLS as a {(isServer ? "server" : "client")} (extended key usage)";
        return $"is not valid: {string.Join(", ", chain.ChainStatus.Select(status => status.Status))}";

        static string Text(DateTime time) => string.Create(CultureInfo.InvariantCulture, $"{time.ToUniversalTime():yyyy-MM-dd HH:mm:ss}Z");
    }
}
