using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MaskRcnn.Transport.Certificates;

namespace MaskRcnn.Transport.Connections;

/// <summary>Judges one peer, by the certificates and the time of when its connection was made.</summary>
internal sealed class PeerCheck(CertificateSource source, IReadOnlyList<TlsRole> roles, bool isServer)
{
    public OwnCertificate Own { get; } = source.Current;

    public DateTimeOffset Now { get; } = source.Time.GetUtcNow();

    /// <summary>What is wrong with the peer's certificate, as what follows "its certificate"; null: nothing, or it was not seen.</summary>
    public string? Problem { get; private set; }

    /// <summary>What <see cref="SslStream"/> asks; what it has found itself is found here again, in words.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Problem = certificate is null ? "is missing; expected one of our certificate authority"
            : PeerRules.Problem(certificate as X509Certificate2 ?? throw new InvalidOperationException("The certificate is of an old kind."), chain?.ChainPolicy.ExtraStore ?? [], Own.Authorities, roles, isServer, Now);
        return Problem is null;
    }
}
