using MaskRcnn.Silo.Redis;

namespace MaskRcnn.Silo.Tests.Redis;

public sealed class RedisCheckTests
{
    [Theory]
    [InlineData("yes", "noeviction")]
    [InlineData("no", "noeviction", "append-only")]
    [InlineData("yes", "allkeys-lru", "allkeys-lru")]
    [InlineData("no", "volatile-ttl", "append-only", "volatile-ttl")]
    [InlineData(null, null, "CONFIG GET is forbidden")]
    public void Redis_must_keep_what_it_has(string? appendOnly, string? policy, params string[] expected)
    {
        IReadOnlyList<string> warnings = RedisCheck.Warnings(name => name == "appendonly" ? appendOnly : policy);
        Assert.Equal(expected.Length, warnings.Count);
        foreach ((string warning, string part) in warnings.Zip(expected)) Assert.Contains(part, warning, StringComparison.Ordinal);
    }
}
