using System.Runtime.CompilerServices;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Doctor;

/// <summary>Looks at everything that a silo of some settings needs, from where it runs. It changes nothing that stays.</summary>
public static class SiloDoctor
{
    /// <summary>Makes every check, one after the other.</summary>
    /// <param name="settings">The silo's settings.</param>
    /// <param name="model">A model to load; null: the one that comes with the program, if it is there.</param>
    /// <param name="time">This machine's clock.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async IAsyncEnumerable<Finding> ExamineAsync(SiloSettings settings, string? model, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        await foreach (Finding finding in StorageCheck.RunAsync(settings.Storage, time, cancellation)) yield return finding;
        if (settings.Cluster.IsInRedis)
        {
            foreach (Finding finding in await Task.Run(() => RedisHealthCheck.Run(settings.Redis, time), cancellation)) yield return finding;
        }
        await foreach (Finding finding in PortCheck.RunAsync(settings, cancellation)) yield return finding;
        foreach (Finding finding in CertificateCheck.Run(settings, time)) yield return finding;
        if (!settings.Has(Grains.Placement.SiloRoles.Worker)) yield break;
        foreach (string device in settings.Worker.Devices.Distinct()) yield return DeviceCheck.Run(device);
        yield return CacheCheck.Run(settings.Worker.Cache);
        yield return ModelCheck.Run(model, settings.Worker.Devices[0]);
    }
}
