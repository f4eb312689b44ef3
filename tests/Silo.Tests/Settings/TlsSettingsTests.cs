using MaskRcnn.Silo.Settings;
using MaskRcnn.Transport;
using MaskRcnn.Transport.Trial;

namespace MaskRcnn.Silo.Tests.Settings;

public sealed class TlsSettingsTests : IDisposable
{
    private static readonly SiloSettings OnTheNetwork = new() { Storage = new StorageSettings { State = "state" }, Endpoints = new EndpointSettings { AdvertisedAddress = "10.0.0.5" } };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
    private readonly TrialCertificates _certificates;

    public TlsSettingsTests()
    {
        _certificates = new TrialCertificates(_folder.FullName);
        _certificates.Write(TimeProvider.System, TimeSpan.FromDays(1));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void With_certificates_a_silo_may_listen_on_the_network() =>
        Assert.Empty(SettingsRules.Mistakes(OnTheNetwork with { Tls = Of(_certificates.FilesOf(TlsRole.Silo)) }));

    [Fact]
    public void Without_them_it_is_said_what_to_do()
    {
        string mistake = Assert.Single(SettingsRules.Mistakes(OnTheNetwork)).ToString();
        foreach (string part in new[] { "Endpoints:PrivateNetwork is 'false'", "Tls:CaFile", "10.0.0.5", "127.0.0.1" }) Assert.Contains(part, mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Some_of_the_files_are_not_enough() =>
        Assert.Equal(["Tls:CertificateFile is not given; expected CaFile, CertificateFile and KeyFile together, all PEM.", "Tls:KeyFile is not given; expected CaFile, CertificateFile and KeyFile together, all PEM."],
            SettingsRules.Mistakes(OnTheNetwork with { Tls = new TlsSettings { CaFile = _certificates.CaFile } }).Select(mistake => mistake.ToString()));

    [Fact]
    public void A_clients_certificate_is_a_mistake_with_its_key_and_value()
    {
        TlsFiles client = _certificates.FilesOf(TlsRole.Client);
        string mistake = Assert.Single(SettingsRules.Mistakes(OnTheNetwork with { Tls = Of(client) })).ToString();
        Assert.StartsWith($"Tls:CertificateFile is '{client.CertificateFile}'; expected a certificate for a silo", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", 8081, null)]
    [InlineData("0.0.0.0", 8081, null)]
    [InlineData("here", 8081, "Health:Address")]
    [InlineData("127.0.0.1", 65536, "Health:Port")]
    [InlineData("127.0.0.1", 11111, "Health:Port")]
    public void Health_needs_an_address_and_a_port_of_its_own(string address, int port, string? key)
    {
        var settings = new SiloSettings { Storage = new StorageSettings { State = "state" }, Health = new HealthSettings { Address = address, Port = port } };
        Assert.Equal(key, SettingsRules.Mistakes(settings).SingleOrDefault()?.Key);
    }

    private static TlsSettings Of(TlsFiles files) => new() { CaFile = files.CaFile, CertificateFile = files.CertificateFile, KeyFile = files.KeyFile };
}
