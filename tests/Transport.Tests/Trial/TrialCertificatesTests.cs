using MaskRcnn.Transport.Trial;

namespace MaskRcnn.Transport.Tests.Trial;

public sealed class TrialCertificatesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Its_files_are_good_for_their_role_alone()
    {
        var certificates = new TrialCertificates(Path.Combine(_folder.FullName, "new"));
        certificates.Write(TimeProvider.System, TimeSpan.FromDays(2));
        Assert.Empty(certificates.FilesOf(TlsRole.Silo).Problems(TlsRole.Silo, TimeProvider.System));
        Assert.Empty(certificates.FilesOf(TlsRole.Client).Problems(TlsRole.Client, TimeProvider.System));
        Assert.Single(certificates.FilesOf(TlsRole.Client).Problems(TlsRole.Silo, TimeProvider.System));
    }

    [Fact]
    public void Keys_can_be_read_by_their_owner_alone_also_where_a_file_was_there()
    {
        if (OperatingSystem.IsWindows()) return;
        var certificates = new TrialCertificates(_folder.FullName);
        TlsFiles files = certificates.FilesOf(TlsRole.Silo);
        File.WriteAllText(files.KeyFile, "old");
        File.SetUnixFileMode(files.KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        certificates.Write(TimeProvider.System, TimeSpan.FromDays(2));
        foreach (TlsRole role in Enum.GetValues<TlsRole>()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(certificates.FilesOf(role).KeyFile));
    }
}
