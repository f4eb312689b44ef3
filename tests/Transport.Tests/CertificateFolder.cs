namespace MaskRcnn.Transport.Tests;

/// <summary>The three files of one process.</summary>
internal sealed class CertificateFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public CertificateFolder(string ca, IssuedCertificate issued) => Write(ca, issued.Pem, issued.Key);

    public TlsFiles Files => new(In("ca.pem"), In("certificate.pem"), In("key.pem"));

    public string In(string name) => Path.Combine(_folder.FullName, name);

    public void Write(string? ca = null, string? certificate = null, string? key = null)
    {
        if (ca is not null) File.WriteAllText(Files.CaFile, ca);
        if (certificate is not null) File.WriteAllText(Files.CertificateFile, certificate);
        if (key is null) return;
        File.WriteAllText(Files.KeyFile, key);
        SetKeyMode(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void SetKeyMode(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Files.KeyFile, mode);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
