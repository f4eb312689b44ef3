using MaskRcnn.Transport.Certificates;

namespace MaskRcnn.Transport;

/// <summary>The PEM files by which a process shows who it is and knows its own. They are read again when they change.</summary>
/// <param name="CaFile">Our certificate authority's certificate; several while it is being replaced.</param>
/// <param name="CertificateFile">This process's certificate, then those between it and the authority's, if there are any.</param>
/// <param name="KeyFile">The certificate's private key, not encrypted.</param>
public sealed record TlsFiles(string CaFile, string CertificateFile, string KeyFile)
{
    /// <summary>Everything that is wrong with the files; none: they can be used.</summary>
    /// <param name="role">What the process is.</param>
    /// <param name="time">The clock.</param>
    public IReadOnlyList<TlsProblem> Problems(TlsRole role, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var problems = new List<TlsProblem>();
        if (CertificateFiles.Read(this, problems) is { } content) OwnCertificate.Load(content, role, time.GetUtcNow(), problems);
        return [.. problems];
    }
}
