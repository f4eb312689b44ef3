using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MaskRcnn.Transport.Trial;

/// <summary>
/// A certificate authority with a silo's and a client's certificate, for trying things out: all of it lives for some days, and the
/// authority's key is given to nobody, so that nothing can be added later.
/// </summary>
public sealed class TrialCertificates
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Clocks of other machines may be behind.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    private readonly string _folder;

    /// <summary>The files of a folder.</summary>
    /// <param name="folder">The folder.</param>
    public TrialCertificates(string folder) => _folder = folder;

    /// <summary>The authority's certificate.</summary>
    public string CaFile => Path.Combine(_folder, "ca.pem");

    /// <summary>The files of a role.</summary>
    public TlsFiles FilesOf(TlsRole role) => new(CaFile, Path.Combine(_folder, $"{role.Name()}.pem"), Path.Combine(_folder, $"{role.Name()}-key.pem"));

    /// <summary>Makes the folder and its files; keys can be read by their owner alone.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="life">How long the certificates are valid.</param>
    public void Write(TimeProvider time, TimeSpan life)
    {
        ArgumentNullException.ThrowIfNull(time);
        Directory.CreateDirectory(_folder);
        (DateTimeOffset from, DateTimeOffset to) = (time.GetUtcNow() - ClockTolerance, time.GetUtcNow() + life);
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=MaskRcnn trial authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using X509Certificate2 authority = request.CreateSelfSigned(from, to);
        Put(CaFile, authority.ExportCertificatePem(), isSecret: false);
        foreach (TlsRole role in Enum.GetValues<TlsRole>()) Issue(role, authority, from, to);
    }

    private void Issue(TlsRole role, X509Certificate2 authority, DateTimeOffset from, DateTimeOffset to)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=MaskRcnn trial {role.Name()}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(role.Name());
        OidCollection uses = [new Oid(ClientUse)];
        if (role == TlsRole.Silo) uses.Add(new Oid(ServerUse));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, critical: false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using X509Certificate2 issued = request.Create(authority, from, to, RandomNumberGenerator.GetBytes(16));
        TlsFiles files = FilesOf(role);
        Put(files.CertificateFile, issued.ExportCertificatePem(), isSecret: false);
        Put(files.KeyFile, key.ExportPkcs8PrivateKeyPem(), isSecret: true);
    }

    private static void Put(string file, string pem, bool isSecret)
    {
        // A file that is there keeps its mode when it is written to; a new one has this from the start.
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && isSecret) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        writer.WriteLine(pem);
    }
}
