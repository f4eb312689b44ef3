using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MaskRcnn.Grains.Telemetry;

/// <summary>Where all metrics and traces of this system come from; docs/metrics.md has the list. While nobody listens they cost nothing.</summary>
public static class Instrumentation
{
    /// <summary>The name of the meter and of the source of spans.</summary>
    public const string Name = nameof(MaskRcnn);

    /// <summary>The label that every metric of a worker has.</summary>
    internal const string DeviceLabel = "device";

    internal static Meter Meter { get; } = new(Name);

    internal static ActivitySource Source { get; } = new(Name);
}
