using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Redis;

/// <summary>Which certificate of Redis is accepted: the system's judgement, or that of <see cref="RedisSettings.TlsCaFile"/> alone.</summary>
internal static class RedisTrust
{
    /// <summary>The judgement; null: the system's.</summary>
    public static RemoteCertificateValidationCallback? Of(RedisSettings settings)
    {
        if (settings.TlsCaFile is not { } file) return null;
        return (_, certificate, sent, errors) =>
        {
            // Its name must be right whoever signed it.
            if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None) return false;
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            // Read for each connection: it may be rotated.
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(file);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Select(element => element.Certificate).ToArray());
            using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert));
            return chain.Build(leaf);
        };
    }
}
