namespace MaskRcnn.Cluster.Tests.Processes.Tls;

/// <summary>Tests on one cluster with mutual TLS; beside no others, as they start processes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TlsProcessTests : ICollectionFixture<TlsCluster>
{
    public const string Name = "processes with TLS";
}
