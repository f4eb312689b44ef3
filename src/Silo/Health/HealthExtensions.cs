using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MaskRcnn.Silo.Health;

/// <summary>Gives a silo its health port.</summary>
internal static class HealthExtensions
{
    /// <summary>
    /// Call it before the silo is added: hosted services start one after the other, and end in the other order. So it answers
    /// while the silo waits for its cluster, and while it leaves.
    /// </summary>
    public static void AddHealth(this IServiceCollection services, HealthSettings settings)
    {
        if (settings.Port == 0) return;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton<HealthState>();
        services.AddHostedService<HealthWatch>();
        services.AddHostedService<HealthServer>();
    }
}
