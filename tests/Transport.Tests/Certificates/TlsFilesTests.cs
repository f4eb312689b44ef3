namespace MaskRcnn.Transport.Tests.Certificates;

/// <summary>What is said at the start of a process about files that are of no use.</summary>
public sealed class TlsFilesTests
{
    private readonly TestAuthority _ours = new();

    [Theory]
    [InlineData("silo", TlsRole.Silo)]
    [InlineData("client", TlsRole.Client)]
    [InlineData("example.org SILO", TlsRole.Silo)]
    [InlineData("silo client", TlsRole.Client)]
    public void Good_files_have_no_problems(string names, TlsRole role) => Assert.Empty(Problems(_ours.Pem, _ours.Issue(names), role));

    [Fact]
    public void RSA_keys_and_extended_uses_that_fit_are_taken() =>
        Assert.Empty(Problems(_ours.Pem, _ours.Issue("silo", uses: $"{TestAuthority.ServerUse} {TestAuthority.ClientUse}", rsa: true), TlsRole.Silo));

    [Fact]
    public void A_certificate_from_an_intermediate_authority_is_taken_with_it_in_the_file()
    {
        var middle = new TestAuthority("middle", signedBy: _ours);
        IssuedCertificate leaf = middle.Issue("silo");
        Assert.Empty(Problems(_ours.Pem, leaf with { Pem = leaf.Pem + "\n" + middle.Pem }, TlsRole.Silo));
        Assert.Contains("does not come from our certificate authority", Assert.Single(Problems(_ours.Pem, leaf, TlsRole.Silo)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_authorities_file_may_hold_several() => Assert.Empty(Problems($"{new TestAuthority("old").Pem}\n{_ours.Pem}", _ours.Issue("silo"), TlsRole.Silo));

    [Fact]
    public void Every_missing_file_is_named_at_once()
    {
        using var folder = new CertificateFolder(_ours.Pem, _ours.Issue("silo"));
        TlsFiles files = new(folder.In("no-ca.pem"), folder.In("no-certificate.pem"), "");
        string[] problems = [.. files.Problems(TlsRole.Silo, TimeProvider.System).Select(problem => problem.ToString())];
        Assert.Collection(problems,
            problem => Assert.Contains($"CaFile '{files.CaFile}' is not there", problem, StringComparison.Ordinal),
            problem => Assert.Contains($"CertificateFile '{files.CertificateFile}' is not there", problem, StringComparison.Ordinal),
            problem => Assert.Contains("KeyFile is not given", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_that_does_not_fit_is_said_without_the_key()
    {
        IssuedCertificate one = _ours.Issue("silo"), other = _ours.Issue("silo");
        string problem = Assert.Single(Problems(_ours.Pem, one with { Key = other.Key }, TlsRole.Silo));
        Assert.Contains("is not the key of CertificateFile", problem, StringComparison.Ordinal);
        foreach (string line in other.Key.Split('\n').Where(line => line.Length > 20 && !line.Contains("----", StringComparison.Ordinal))) Assert.DoesNotContain(line, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "is encrypted")]
    [InlineData("this is a text", "holds no private key")]
    [InlineData("", "holds no private key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "is not the key of")]
    public void A_key_file_that_holds_something_else_is_refused(string key, string expected) =>
        Assert.Contains(expected, Assert.Single(Problems(_ours.Pem, _ours.Issue("silo") with { Key = key }, TlsRole.Silo)), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("this is a text")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void A_certificate_file_that_holds_something_else_is_refused(string pem)
    {
        Assert.Contains("certificate", Assert.Single(Problems(_ours.Pem, _ours.Issue("silo") with { Pem = pem }, TlsRole.Silo)), StringComparison.Ordinal);
        Assert.StartsWith("CaFile", Assert.Single(Problems(pem, _ours.Issue("silo"), TlsRole.Silo)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_leaf_is_no_authority()
    {
        IssuedCertificate alone = TestAuthority.SelfSigned("silo");
        Assert.Contains("CA:TRUE", Assert.Single(Problems(alone.Pem, alone, TlsRole.Silo)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_certificate_is_refused_and_one_that_has_not_begun()
    {
        Assert.Contains("has expired at", Assert.Single(Problems(_ours.Pem, _ours.Issue("silo", -10, -1), TlsRole.Silo)), StringComparison.Ordinal);
        Assert.Contains("is not valid before", Assert.Single(Problems(_ours.Pem, _ours.Issue("silo", 1, 10), TlsRole.Silo)), StringComparison.Ordinal);
        var over = new TestAuthority(ends: TimeProvider.System.GetUtcNow().AddDays(-1));
        Assert.Contains("authority", Assert.Single(Problems(over.Pem, over.Issue("silo"), TlsRole.Silo)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it has none")]
    [InlineData("client", "it has 'client'")]
    [InlineData("silo.example.org *", "it has 'silo.example.org', '*'")]
    public void A_certificate_without_the_roles_name_is_refused(string names, string expected)
    {
        string problem = Assert.Single(Problems(_ours.Pem, _ours.Issue(names, commonName: "silo"), TlsRole.Silo));
        Assert.Contains("lacks the DNS name 'silo'", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestAuthority.ServerUse, TlsRole.Silo, "as a client")]
    [InlineData(TestAuthority.ClientUse, TlsRole.Silo, "as a server")]
    [InlineData(TestAuthority.ServerUse, TlsRole.Client, "as a client")]
    public void A_certificate_for_another_use_is_refused(string use, TlsRole role, string expected) =>
        Assert.Contains($"{expected} (extended key usage)", Assert.Single(Problems(_ours.Pem, _ours.Issue("silo client", uses: use), role)), StringComparison.Ordinal);

    [Fact]
    public void A_certificate_of_a_foreign_authority_is_refused() =>
        Assert.Contains("does not come from our certificate authority, but from 'CN=foreign'",
            Assert.Single(Problems(_ours.Pem, new TestAuthority("foreign").Issue("silo"), TlsRole.Silo)), StringComparison.Ordinal);

    private static string[] Problems(string ca, IssuedCertificate issued, TlsRole role)
    {
        using var folder = new CertificateFolder(ca, issued);
        return [.. folder.Files.Problems(role, TimeProvider.System).Select(problem => problem.ToString())];
    }
}
