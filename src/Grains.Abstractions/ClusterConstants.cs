namespace MaskRcnn.Grains;

/// <summary>Names that every silo and every client of a cluster must agree on.</summary>
public static class ClusterConstants
{
    /// <summary>Orleans' cluster and service id.</summary>
    public const string Id = "maskrcnn";

    /// <summary>Planned shards of a partition.</summary>
    public const int ShardsPerPartition = 1024;
}
