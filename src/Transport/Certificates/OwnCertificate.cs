using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MaskRcnn.Transport.Certificates;

/// <summary>What a process shows its peers, and whom it knows: files that were read and fit together.</summary>
internal sealed class OwnCertificate
{
    private const string Pem = "PEM ('-----BEGIN CERTIFICATE-----')";

    private OwnCertificate(X509Certificate2 certificate, X509Certificate2Collection authorities, SslStreamCertificateContext context, string fingerprint, IReadOnlyList<string> warnings) =>
        (Certificate, Authorities, Context, Fingerprint, Warnings) = (certificate, authorities, context, fingerprint, warnings);

    public X509Certificate2 Certificate { get; }

    /// <summary>Our authorities, and what stands between them and a leaf where the CA's file names that.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>The certificate with what is sent beside it.</summary>
    public SslStreamCertificateContext Context { get; }

    public string Fingerprint { get; }

    public IReadOnlyList<string> Warnings { get; }

    public DateTimeOffset Ends => new(Certificate.NotAfter);

    /// <summary>Makes it of the files' text.</summary>
    /// <param name="files">The text.</param>
    /// <param name="role">What the process is.</param>
    /// <param name="now">When.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <returns>Null: something is wrong.</returns>
    public static OwnCertificate? Load(CertificateFiles files, TlsRole role, DateTimeOffset now, List<TlsProblem> problems)
    {
        TlsFiles names = files.Files;
        X509Certificate2Collection? authorities = Import("CaFile", names.CaFile, files.Ca, problems);
        X509Certificate2Collection? chain = Import("CertificateFile", names.CertificateFile, files.Certificate, problems);
        X509Certificate2? own = chain is null ? null : WithKey(files, problems);
        if (authorities is not null && !authorities.Any(CertificateFacts.IsAuthority))
        {
            problems.Add(new TlsProblem("CaFile", names.CaFile, "has no certificate of an authority that signed itself (basic constraints CA:TRUE)", "our certificate authority's"));
            authorities = null;
        }
        if (authorities is null || own is null) return null;
        chain!.RemoveAt(0);
        // Each direction of each connection: a silo is called and calls.
        foreach (bool isServer in role is TlsRole.Silo ? [true, false] : (bool[])[false])
        {
            if (PeerRules.Problem(own, chain, authorities, [role], isServer, now) is not { } problem) continue;
            problems.Add(new TlsProblem("CertificateFile", names.CertificateFile, problem, $"a certificate for a {role.Name()}, which its peers accept"));
            return null;
        }
        string[] warnings = files.IsKeyPublic ? [$"KeyFile '{names.KeyFile}' can be read by every user of this machine; expected its owner alone. Run 'chmod 600 {names.KeyFile}'."] : [];
        return new OwnCertificate(own, authorities, SslStreamCertificateContext.Create(own, chain, offline: true), files.Fingerprint, warnings);
    }

    /// <summary>For logs: which certificate it is. Nothing of it is secret.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{CertificateFacts.Subject(Certificate)}, serial number {Certificate.SerialNumber}, valid until {Ends.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");

    private static X509Certificate2Collection? Import(string name, string path, string text, List<TlsProblem> problems)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            problems.Add(new TlsProblem(name, path, "holds a certificate that cannot be read", Pem));
            return null;
        }
        if (found.Count > 0) return found;
        problems.Add(new TlsProblem(name, path, "holds no certificate", Pem));
        return null;
    }

    /// <summary>The certificate with its key. What the libraries say is left out: nobody has promised that it has nothing of the key.</summary>
    private static X509Certificate2? WithKey(CertificateFiles files, List<TlsProblem> problems)
    {
        string path = files.Files.KeyFile;
        if (files.Key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            problems.Add(new TlsProblem("KeyFile", path, "is encrypted", "a key without a password, protected by its file mode (0600)"));
            return null;
        }
        if (!files.Key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            problems.Add(new TlsProblem("KeyFile", path, "holds no private key", "PEM ('-----BEGIN PRIVATE KEY-----')"));
            return null;
        }
        try
        {
            X509Certificate2 own = X509Certificate2.CreateFromPem(files.Certificate, files.Key);
            if (OperatingSystem.IsLinux()) return own;
            // Elsewhere a key that is in no store of the system cannot be used for TLS.
            using (own) return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            problems.Add(new TlsProblem("KeyFile", path, $"is not the key of CertificateFile '{files.Files.CertificateFile}'", "the key that the certificate was made with"));
            return null;
        }
    }
}
