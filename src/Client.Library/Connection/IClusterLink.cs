namespace MaskRcnn.Client.Connection;

/// <summary>What a client calls through, and how it finds the cluster again.</summary>
internal interface IClusterLink : IAsyncDisposable
{
    /// <summary>For people: where the cluster is.</summary>
    string Description { get; }

    /// <summary>The cluster's grains, by the connection there is now.</summary>
    IGrainFactory Grains { get; }

    /// <summary>Looks for the cluster anew, once; when it is not found everything stays as it was.</summary>
    /// <param name="lost">The connection on which calls failed; when there is a newer one already, nothing is done.</param>
    /// <param name="cancellation">Stops it.</param>
    Task ReconnectAsync(IGrainFactory lost, CancellationToken cancellation);
}
