namespace MaskRcnn.Transport;

/// <summary>What a process is. Its certificate says so by a DNS name among its alternative names.</summary>
public enum TlsRole
{
    /// <summary>A member of the cluster; its certificate has the name <c>silo</c>.</summary>
    Silo,

    /// <summary>A client; its certificate has the name <c>client</c>. A silo may be one, too.</summary>
    Client,
}
