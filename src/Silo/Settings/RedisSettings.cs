namespace MaskRcnn.Silo.Settings;

/// <summary>How Redis is reached.</summary>
public sealed record RedisSettings
{
    /// <summary>host:port of each node of it; at least one when the cluster is in Redis.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>The user of its access list; default none: Redis' <c>default</c>.</summary>
    public string? User { get; init; }

    /// <summary>The user's password, from the environment or a settings file.</summary>
    public Secret? Password { get; init; }

    /// <summary>A file with the password, in place of <see cref="Password"/>; white space at its end is cut off.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Whether the connection is by TLS; default false.</summary>
    public bool Tls { get; init; }

    /// <summary>With TLS: PEM file with the certificates by which Redis' own must be signed; default those that the system trusts.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>Number of the database, 0 to 15; default 0.</summary>
    public int Database { get; init; }
}
