using MaskRcnn.Storage;
using MaskRcnn.Transport;

namespace MaskRcnn.Client;

/// <summary>How long a client waits, and for what. The defaults suit people and scripts.</summary>
public sealed record MaskRcnnClientOptions
{
    /// <summary>How long to wait for a cluster that starts, and for the answer to a call while it is away; default 30 s, above 0.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long watching survives a cluster that does not answer; default 2 minutes, at least 0.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a watched job is asked for its status; default 1 s, above 0.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The client's certificate, and whom it knows; default null: no TLS, as on a cluster of this machine. See docs/security.md.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Is told, in a sentence for people, when something is waited for; null: nobody.</summary>
    public Action<string>? OnWaiting { get; init; }

    /// <summary>Opens the store of a job's folder by its URI; default <see cref="BlobStores.Open"/>.</summary>
    public Func<string, IBlobStore> OpenStore { get; init; } = BlobStores.Open;

    internal void Validate()
    {
        if (ConnectTimeout <= TimeSpan.Zero) throw new ArgumentException($"ConnectTimeout is {ConnectTimeout}; expected more than 0.");
        if (RetryFor < TimeSpan.Zero) throw new ArgumentException($"RetryFor is {RetryFor}; expected 0 or more.");
        if (PollInterval <= TimeSpan.Zero) throw new ArgumentException($"PollInterval is {PollInterval}; expected more than 0.");
    }
}
