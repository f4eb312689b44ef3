using MaskRcnn.Transport;

namespace MaskRcnn.Client.Tests.Certificates;

public sealed class CertificatesCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_makes_files_that_a_silo_and_a_client_can_use_and_replaces_them_only_when_told_to()
    {
        string output = Path.Combine(_folder.FullName, "certificates");
        var made = CommandRun.Of("certificates", "--output", output, "--days", "2", "--json").Exits(0).Json;
        foreach ((string name, TlsRole role) in new[] { ("silo", TlsRole.Silo), ("client", TlsRole.Client) })
        {
            var files = new TlsFiles(made.GetProperty("ca").GetString()!, made.GetProperty(name).GetProperty("certificate").GetString()!, made.GetProperty(name).GetProperty("key").GetString()!);
            Assert.Empty(files.Problems(role, TimeProvider.System));
        }
        Assert.Contains("--overwrite", CommandRun.Of("certificates", "--output", output).Exits(1).Error, StringComparison.Ordinal);
        Assert.Contains("--Tls:KeyFile", CommandRun.Of("certificates", "--output", output, "--overwrite").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificates_of_a_client_that_are_not_all_given_are_a_wrong_command_line()
    {
        string error = CommandRun.Of("job", "list", "--tls-ca", "ca.pem").Exits(2).Error;
        Assert.Contains("--tls-certificate (or MASKRCNN_TLS_CERTIFICATE), --tls-key (or MASKRCNN_TLS_KEY)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_a_client_that_cannot_be_used_are_all_named_at_once()
    {
        string error = CommandRun.Of("job", "list", "--cluster", "127.0.0.1:1", "--tls-ca", "no-ca.pem", "--tls-certificate", "no.pem", "--tls-key", "no-key.pem", "--json").Exits(1).Json
            .GetProperty("error").GetProperty("message").GetString()!;
        foreach (string name in new[] { "CaFile 'no-ca.pem'", "CertificateFile 'no.pem'", "KeyFile 'no-key.pem'" }) Assert.Contains(name, error, StringComparison.Ordinal);
    }
}
