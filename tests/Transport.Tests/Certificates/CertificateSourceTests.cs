using MaskRcnn.Transport.Certificates;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Transport.Tests.Certificates;

public sealed class CertificateSourceTests
{
    private readonly TestAuthority _ours = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly Messages _log = new();

    [Fact]
    public void Files_that_cannot_be_used_are_an_error_at_the_start()
    {
        using var folder = new CertificateFolder(_ours.Pem, _ours.Issue("client"));
        TlsFilesException exception = Assert.Throws<TlsFilesException>(() => CertificateSource.Open(folder.Files, TlsRole.Silo, _time, _log));
        Assert.Equal(exception.Message, Assert.Single(exception.Problems).ToString());
    }

    [Fact]
    public void Replaced_files_are_taken_over()
    {
        using var folder = new CertificateFolder(_ours.Pem, _ours.Issue("silo"));
        using CertificateSource source = CertificateSource.Open(folder.Files, TlsRole.Silo, _time, _log);
        IssuedCertificate next = _ours.Issue("silo");
        folder.Write(certificate: next.Pem, key: next.Key);
        Assert.NotEqual(next.Serial, source.Current.Certificate.SerialNumber);
        _time.Advance(CertificateSource.BetweenLooks);
        Assert.Equal(next.Serial, source.Current.Certificate.SerialNumber);
        Assert.Contains(next.Serial, Assert.Single(_log.Lines, line => line.Contains("replaced", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_half_written_pair_keeps_the_old_one_and_is_told_of_once()
    {
        using var folder = new CertificateFolder(_ours.Pem, _ours.Issue("silo"));
        using CertificateSource source = CertificateSource.Open(folder.Files, TlsRole.Silo, _time, _log);
        string old = source.Current.Certificate.SerialNumber;
        IssuedCertificate next = _ours.Issue("silo");
        foreach (string part in new[] { next.Pem, next.Pem[..100], "" })
        {
            folder.Write(certificate: part);
            for (int i = 0; i < 3; i++) _time.Advance(CertificateSource.BetweenLooks);
            Assert.Equal(old, source.Current.Certificate.SerialNumber);
            Assert.Contains(old, _log.Lines[^1], StringComparison.Ordinal);
        }
        // The certificate that does not fit the key; then two that are none, of which nothing else is to be said.
        Assert.Equal(2, _log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)));
        File.Delete(folder.Files.CertificateFile);
        _time.Advance(CertificateSource.BetweenLooks);
        Assert.Equal(old, source.Current.Certificate.SerialNumber);
        folder.Write(certificate: next.Pem, key: next.Key);
        _time.Advance(CertificateSource.BetweenLooks);
        Assert.Equal(next.Serial, source.Current.Certificate.SerialNumber);
    }

    [Fact]
    public void A_new_certificate_that_peers_would_refuse_is_not_taken_over()
    {
        using var folder = new CertificateFolder(_ours.Pem, _ours.Issue("silo"));
        using CertificateSource source = CertificateSource.Open(folder.Files, TlsRole.Silo, _time, _log);
        string old = source.Current.Certificate.SerialNumber;
        foreach (IssuedCertificate bad in new[] { _ours.Issue("client"), _ours.Issue("silo", -10, -1), new TestAuthority("foreign").Issue("silo"), TestAuthority.SelfSigned("silo") })
        {
            folder.Write(certificate: bad.Pem, key: bad.Key);
            _time.Advance(CertificateSource.BetweenLooks);
            Assert.Equal(old, source.Current.Certificate.SerialNumber);
        }
    }

    [Fact]
    public void A_folder_of_links_that_is_swapped_as_Kubernetes_does_is_seen()
    {
        IssuedCertificate first = _ours.Issue("silo"), next = _ours.Issue("silo");
        using CertificateFolder one = new(_ours.Pem, first), two = new(_ours.Pem, next);
        string root = one.In("volume"), data = Path.Combine(root, "..data");
        Directory.CreateDirectory(root);
        Directory.CreateSymbolicLink(data, one.In("."));
        foreach (string name in new[] { "ca.pem", "certificate.pem", "key.pem" }) File.CreateSymbolicLink(Path.Combine(root, name), Path.Combine("..data", name));
        var files = new TlsFiles(Path.Combine(root, "ca.pem"), Path.Combine(root, "certificate.pem"), Path.Combine(root, "key.pem"));
        using CertificateSource source = CertificateSource.Open(files, TlsRole.Silo, _time, _log);
        Assert.Equal(first.Serial, source.Current.Certificate.SerialNumber);
        Directory.CreateSymbolicLink(data + "_tmp", two.In("."));
        Directory.Delete(data);
        Directory.Move(data + "_tmp", data);
        _time.Advance(CertificateSource.BetweenLooks);
        Assert.Equal(next.Serial, source.Current.Certificate.SerialNumber);
    }

    [Fact]
    public void An_old_certificate_is_told_of_each_hour()
    {
        // Ten hours of life, of which eight are over.
        using var folder = new CertificateFolder(_ours.Pem, _ours.Issue("silo", -8 / 24.0, 2 / 24.0));
        using CertificateSource source = CertificateSource.Open(folder.Files, TlsRole.Silo, _time, _log);
        _time.Advance(TimeSpan.FromMinutes(58));
        Assert.Single(_log.Lines);
        _time.Advance(TimeSpan.FromMinutes(60));
        Assert.Contains("is near its end", Assert.Single(_log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal)), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(60));
        Assert.Contains("has expired", Assert.Single(_log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_every_user_can_read_is_warned_of()
    {
        using var folder = new CertificateFolder(_ours.Pem, _ours.Issue("silo"));
        folder.SetKeyMode(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        using CertificateSource source = CertificateSource.Open(folder.Files, TlsRole.Silo, _time, _log);
        Assert.Contains(_log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains($"chmod 600 {folder.Files.KeyFile}", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_of_a_key_is_logged()
    {
        IssuedCertificate first = _ours.Issue("silo"), next = _ours.Issue("silo");
        using var folder = new CertificateFolder(_ours.Pem, first);
        using CertificateSource source = CertificateSource.Open(folder.Files, TlsRole.Silo, _time, _log);
        folder.Write(key: next.Key);
        _time.Advance(CertificateSource.BetweenLooks);
        folder.Write(key: next.Key[..80]);
        _time.Advance(CertificateSource.BetweenLooks);
        string said = string.Join('\n', _log.Lines);
        foreach (string line in $"{first.Key}\n{next.Key}".Split('\n').Where(line => line.Length > 20 && !line.Contains("----", StringComparison.Ordinal))) Assert.DoesNotContain(line[..20], said, StringComparison.Ordinal);
    }
}
