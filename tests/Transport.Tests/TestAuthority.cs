using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MaskRcnn.Transport.Tests;

/// <summary>A certificate authority of a test, and what it has signed.</summary>
internal sealed class TestAuthority
{
    public const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private byte _serial;

    public TestAuthority(string name = "test authority", DateTimeOffset? ends = null, TestAuthority? signedBy = null)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        (DateTimeOffset from, DateTimeOffset to) = (now.AddDays(-300), ends ?? now.AddDays(300));
        _certificate = signedBy is null
            ? request.CreateSelfSigned(from, to)
            : request.Create(signedBy._certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(signedBy._key), from, to.AddDays(-1), [99]);
    }

    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>Signs a certificate.</summary>
    /// <param name="dnsNames">Its alternative names, split at spaces.</param>
    /// <param name="from">Days from now when it begins.</param>
    /// <param name="to">Days from now when it ends.</param>
    /// <param name="uses">Its extended key usage, split at spaces; null: it has none.</param>
    /// <param name="commonName">Its subject.</param>
    /// <param name="rsa">Whether its key is of RSA.</param>
    public IssuedCertificate Issue(string dnsNames, double from = -1, double to = 30, string? uses = null, string commonName = "test", bool rsa = false)
    {
        using AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(key, dnsNames, uses, commonName);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 signed = request.Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), now.AddDays(from), now.AddDays(to), [1, ++_serial]);
        return new IssuedCertificate(signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), signed.SerialNumber);
    }

    /// <summary>A certificate that nobody has signed but itself.</summary>
    public static IssuedCertificate SelfSigned(string dnsNames, bool isAuthority = false)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        CertificateRequest request = Request(key, dnsNames, null, "alone");
        if (isAuthority) request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 signed = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return new IssuedCertificate(signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), signed.SerialNumber);
    }

    private static CertificateRequest Request(AsymmetricAlgorithm key, string dnsNames, string? uses, string commonName)
    {
        string subject = string.Create(CultureInfo.InvariantCulture, $"CN={commonName}");
        CertificateRequest request = key is RSA rsaKey
            ? new CertificateRequest(subject, rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        if (dnsNames.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (string name in dnsNames.Split(' ')) names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }
        if (uses is not null) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses.Split(' ').Select(use => new Oid(use))], false));
        return request;
    }
}

/// <summary>A certificate with its key, as PEM.</summary>
internal sealed record IssuedCertificate(string Pem, string Key, string Serial)
{
    public X509Certificate2 Load() => X509Certificate2.CreateFromPem(Pem, Key);
}
