namespace MaskRcnn.Grains.Partitions;

/// <summary>What a partition's grain keeps: a cache.</summary>
[GenerateSerializer, Alias("maskrcnn.partition-memory")]
public sealed class PartitionMemory
{
    /// <summary>Its table, or null before the first time.</summary>
    [Id(0)] public PartitionState? Table { get; set; }
}
