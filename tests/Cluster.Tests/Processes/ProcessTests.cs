namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>Tests that start processes: one after the other, and beside no others, as they use the whole machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessTests : ICollectionFixture<SharedCluster>
{
    public const string Name = "processes";
}
