namespace MaskRcnn.Grains.Tests.Partitions;

/// <summary>Ids from a seed.</summary>
internal sealed class Tokens(int seed)
{
    private readonly Random _random = new(seed);

    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
