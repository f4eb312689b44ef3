namespace MaskRcnn.Silo.Settings;

/// <summary>How devices are shared between jobs, see docs/scheduling.md. The same for all silos of a cluster.</summary>
public sealed record SchedulingSettings
{
    /// <summary>Most devices that a tenant's jobs have at a time, <c>tenant=number</c> each; a tenant that is not named has no limit.</summary>
    public IReadOnlyList<string> TenantDevices { get; init; } = [];

    /// <summary>How long a worker stays with a model while there is work for it, seconds; default 30.</summary>
    public double KeepModelSeconds { get; init; } = 30;

    /// <summary>Most workers that are wanted for a job that does not say; default 100.</summary>
    public int MaxWorkers { get; init; } = 100;

    /// <summary>A tenant and its devices; null for what is not that.</summary>
    internal static KeyValuePair<string, int>? Parse(string text) =>
        text.Split('=') is [{ Length: > 0 } tenant, var number] && int.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int devices) && devices > 0
            ? new(tenant, devices)
            : null;
}
