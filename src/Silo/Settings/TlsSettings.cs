using MaskRcnn.Transport;

namespace MaskRcnn.Silo.Settings;

/// <summary>Mutual TLS between silos and from clients: see docs/security.md. All three files, or none.</summary>
public sealed record TlsSettings
{
    /// <summary>PEM file with our certificate authority, or several while it is being replaced; default none: no TLS.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file with this silo's certificate, which has the DNS name <c>silo</c>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with the certificate's key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The files; null: no TLS.</summary>
    internal TlsFiles? Files => (CaFile ?? CertificateFile ?? KeyFile) is null ? null : new TlsFiles(CaFile ?? "", CertificateFile ?? "", KeyFile ?? "");
}
