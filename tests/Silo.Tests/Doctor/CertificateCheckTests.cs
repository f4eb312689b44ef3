using MaskRcnn.Silo.Doctor;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Transport;
using MaskRcnn.Transport.Trial;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Silo.Tests.Doctor;

public sealed class CertificateCheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_silos_certificate_that_lasts_is_ok() => Assert.Equal(Verdict.Ok, Assert.Single(Run(Write(30))).Verdict);

    [Fact]
    public void One_that_ends_soon_is_a_warning()
    {
        Finding found = Assert.Single(Run(Write(3)));
        Assert.Equal(Verdict.Warning, found.Verdict);
        Assert.Contains("3.0 days", found.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_has_ended_fails()
    {
        TlsFiles files = Write(3);
        _time.Advance(TimeSpan.FromDays(4));
        Assert.Equal(Verdict.Failed, Assert.Single(Run(files)).Verdict);
    }

    [Fact]
    public void A_clients_certificate_is_no_silos()
    {
        Finding found = Assert.Single(Run(Write(30, TlsRole.Client)));
        Assert.Equal(Verdict.Failed, found.Verdict);
        Assert.Contains("silo", found.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_missing_or_another_fails_and_is_not_shown()
    {
        TlsFiles files = Write(30);
        File.Copy(Path.Combine(_folder.FullName, "client-key.pem"), files.KeyFile, overwrite: true);
        Finding other = Assert.Single(Run(files));
        Assert.Equal(Verdict.Failed, other.Verdict);
        Assert.DoesNotContain("PRIVATE KEY", other.ToString(), StringComparison.Ordinal);
        File.Delete(files.KeyFile);
        Assert.Contains("is not there", Assert.Single(Run(files)).Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_everybody_may_read_is_a_warning()
    {
        TlsFiles files = Write(30);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(files.KeyFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Equal([Verdict.Ok, Verdict.Warning], Run(files).Select(finding => finding.Verdict));
    }

    [Theory]
    [InlineData(false, Verdict.Ok)]
    [InlineData(true, Verdict.Warning)]
    public void Without_certificates_it_depends_on_the_network(bool isPrivate, Verdict verdict) =>
        Assert.Equal(verdict, Assert.Single(CertificateCheck.Run(new SiloSettings { Endpoints = new EndpointSettings { PrivateNetwork = isPrivate } }, _time)).Verdict);

    private TlsFiles Write(double days, TlsRole role = TlsRole.Silo)
    {
        var certificates = new TrialCertificates(_folder.FullName);
        certificates.Write(_time, TimeSpan.FromDays(days));
        return certificates.FilesOf(role);
    }

    private IReadOnlyList<Finding> Run(TlsFiles files) =>
        CertificateCheck.Run(new SiloSettings { Tls = new TlsSettings { CaFile = files.CaFile, CertificateFile = files.CertificateFile, KeyFile = files.KeyFile } }, _time);
}
