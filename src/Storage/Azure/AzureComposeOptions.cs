namespace MaskRcnn.Storage.Azure;

/// <summary>Limits of composing a blob of others.</summary>
public sealed record AzureComposeOptions
{
    /// <summary>Most blocks of one blob. Above it runs of so many become blobs between, which are deleted afterwards. 40 000; the service takes 50 000.</summary>
    public int MostBlocks { get; init; } = 40_000;

    /// <summary>Most bytes of a block: larger pieces become several. 4000 MiB, the service's own limit.</summary>
    public long MostBlockBytes { get; init; } = 4000L << 20;

    /// <summary>How many blocks are copied at once. 16.</summary>
    public int Parallelism { get; init; } = 16;
}
