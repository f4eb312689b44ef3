using System.Globalization;

namespace MaskRcnn.Grains.Dispatch;

/// <summary>How devices are shared, see docs/scheduling.md. The same for all silos of a cluster.</summary>
public sealed record DispatchOptions
{
    /// <summary>Most devices that a tenant's jobs have at a time, at least 1 each; a tenant that is not named has no limit.</summary>
    public IReadOnlyDictionary<string, int> TenantDevices { get; init; } = new Dictionary<string, int>();

    /// <summary>How long a worker stays with a model while there is work for it; at least 0, default 30 s.</summary>
    public TimeSpan KeepModel { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most workers that are wanted for a job that does not say; at least 1, default 100.</summary>
    public int MaxWorkers { get; init; } = 100;

    /// <summary>Everything that is wrong, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        foreach ((string tenant, int devices) in TenantDevices)
        {
            if (devices < 1) problems.Add(string.Create(CultureInfo.InvariantCulture, $"The tenant '{tenant}' may have {devices} devices; expected at least 1."));
        }
        if (KeepModel < TimeSpan.Zero) problems.Add(string.Create(CultureInfo.InvariantCulture, $"A model is kept for {KeepModel}; expected at least 0."));
        if (MaxWorkers < 1) problems.Add(string.Create(CultureInfo.InvariantCulture, $"At most {MaxWorkers} workers are wanted; expected at least 1."));
        return problems;
    }
}
