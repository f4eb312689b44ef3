namespace MaskRcnn.Transport;

/// <summary>The roles as certificates name them.</summary>
public static class TlsRoleNames
{
    /// <summary>The DNS name that a certificate of this role has.</summary>
    public static string Name(this TlsRole role) => role switch
    {
        TlsRole.Silo => "silo",
        TlsRole.Client => "client",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "There is no such role."),
    };
}
