namespace MaskRcnn.Client.Connection;

/// <summary>No cluster answers. The message says where it was looked for and how to start one.</summary>
public sealed class ClusterUnavailableException : Exception
{
    /// <summary>No cluster answers.</summary>
    /// <param name="cluster">Where it was looked for.</param>
    /// <param name="reason">What was found there, without a full stop.</param>
    /// <param name="innerException">What the last try met.</param>
    public ClusterUnavailableException(string cluster, string reason, Exception? innerException = null)
        : base($"No cluster answers: {reason}. Start one with 'maskrcnn up', or name another with --cluster (host:port, or the folder of 'maskrcnn up --data').", innerException) =>
        Cluster = cluster;

    /// <summary>Where it was looked for.</summary>
    public string Cluster { get; }
}
