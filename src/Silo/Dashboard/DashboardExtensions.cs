using MaskRcnn.Silo.Health;
using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Dashboard;

namespace MaskRcnn.Silo.Dashboard;

/// <summary>Gives a silo Orleans' dashboard.</summary>
internal static class DashboardExtensions
{
    public static void UseDashboard(this ISiloBuilder silo, DashboardSettings settings)
    {
        if (!settings.Enabled) return;
        // The log has other readers.
        silo.AddDashboard(options => options.HideTrace = true);
        silo.Services.AddSingleton(settings);
        silo.Services.AddSingleton<IAdminPage, DashboardPage>();
    }
}
