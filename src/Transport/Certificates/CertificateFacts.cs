using System.Security.Cryptography.X509Certificates;

namespace MaskRcnn.Transport.Certificates;

/// <summary>What a certificate says, as it is asked for and shown here.</summary>
internal static class CertificateFacts
{
    private const int LongestShown = 120;

    /// <summary>The DNS names among its alternative names.</summary>
    public static IReadOnlyList<string> DnsNames(X509Certificate2 certificate) =>
        [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames())];

    /// <summary>Whether it may be an end of a chain: an authority's, signed by itself.</summary>
    public static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
        && certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    /// <summary>Its subject, for a log.</summary>
    public static string Subject(X509Certificate2 certificate) => Shown(certificate.Subject);

    /// <summary>Its issuer, for a log.</summary>
    public static string Issuer(X509Certificate2 certificate) => Shown(certificate.Issuer);

    /// <summary>A stranger's text: short, and on one line.</summary>
    public static string Shown(string text)
    {
        string line = new([.. text.Take(LongestShown).Select(c => char.IsControl(c) ? '?' : c)]);
        return $"'{line}{(text.Length > LongestShown ? "…" : "")}'";
    }
}
