using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Redis;

/// <summary>Whether Redis is there and is kept as it should be.</summary>
public static class RedisCheck
{
    /// <summary>Asks Redis once, on the calling thread.</summary>
    /// <param name="settings">Where it is.</param>
    /// <returns>What its operator should change, a sentence each.</returns>
    /// <exception cref="IOException">It cannot be reached, or refuses; the message has no secret.</exception>
    public static IReadOnlyList<string> Ask(RedisSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var redis = new RedisNodes(settings);
        redis.Ask("PING");
        return Warnings(name => ConfigurationOf(redis, name));
    }

    /// <summary>What is wrong with a configuration.</summary>
    /// <param name="configuration">Reads a value of it; null: Redis does not say.</param>
    internal static IReadOnlyList<string> Warnings(Func<string, string?> configuration)
    {
        List<string> warnings = [];
        switch (configuration("appendonly"))
        {
            case null:
                warnings.Add("Redis does not tell its configuration (CONFIG GET is forbidden), so nobody knows whether it has an append-only file and the eviction policy 'noeviction'; see to it that it has.");
                return warnings;
            case not "yes":
                warnings.Add("Redis has no append-only file: a restart loses its last seconds or everything, after which all silos start again. Set 'appendonly yes'.");
                break;
        }
        if (configuration("maxmemory-policy") is { } policy and not "noeviction")
            warnings.Add($"Redis has the eviction policy '{policy}': when its memory is full it drops members and leases. Set 'maxmemory-policy noeviction'.");
        return warnings;
    }

    private static string? ConfigurationOf(RedisNodes redis, string name)
    {
        try
        {
            return redis.Ask("CONFIG", "GET", name) is [_, { } value] ? value : null;
        }
        catch (RedisReplyException)
        {
            return null;
        }
    }
}
