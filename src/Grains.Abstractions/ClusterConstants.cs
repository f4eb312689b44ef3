namespace MaskRcnn.Grains;

/// <summary>What silos and clients must agree on before they can talk.</summary>
public static class ClusterConstants
{
    /// <summary>Orleans' cluster id.</summary>
    public const string ClusterId = "maskrcnn";

    /// <summary>Orleans' service id.</summary>
    public const string ServiceId = "maskrcnn";

    /// <summary>How often a client asks again which gateways there are, and tries those that were lost.</summary>
    public static readonly TimeSpan GatewayListRefreshPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Planned shards of a partition.</summary>
    public const int ShardsPerPartition = 1024;
}
