using MaskRcnn.Grains;
using MaskRcnn.Grains.State;
using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Persistence;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using StackExchange.Redis;

namespace MaskRcnn.Silo.Redis;

/// <summary>Puts a silo's list of members and its grain state into Redis.</summary>
internal static class RedisSiloBuilderExtensions
{
    private const string OrleansProvider = "redis";

    /// <summary>The list of members, and the watch over this silo's row in it.</summary>
    public static void UseRedisMembers(this ISiloBuilder silo, SiloSettings settings)
    {
        ConfigurationOptions redis = RedisConfiguration.Of(settings.Redis);
        silo.UseRedisClustering(options =>
        {
            options.ConfigurationOptions = redis;
            options.CreateRedisKey = _ => RedisConfiguration.MembersKey(settings.Cluster.Id);
        });
        silo.Services.AddHostedService(services => new OwnRowService(settings, services.GetRequiredService<ILocalSiloDetails>(), services.GetRequiredService<IProcessEnd>()));
    }

    /// <summary>Grain state, for <see cref="GrainsOptions.AddGrainState"/>.</summary>
    public static void AddRedisGrainState(this ISiloBuilder silo, SiloSettings settings)
    {
        ConfigurationOptions redis = RedisConfiguration.Of(settings.Redis);
        silo.AddRedisGrainStorage(OrleansProvider, (Microsoft.Extensions.Options.OptionsBuilder<RedisStorageOptions> builder) => builder.Configure<IServiceProvider>((options, services) =>
        {
            options.ConfigurationOptions = redis;
            options.DeleteStateOnClear = true;
            options.GetStorageKey = (stateName, grain) => RedisConfiguration.StateKey(settings.Cluster.Id, stateName, grain);
            // Orleans' default is JSON, the slowest.
            options.GrainStorageSerializer = ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(services);
        }));
        silo.Services.AddGrainStorage(GrainState.Provider, (services, _) => new GrainStateInRedis(services.GetRequiredKeyedService<IGrainStorage>(OrleansProvider)));
    }
}
