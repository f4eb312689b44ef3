namespace MaskRcnn.Grains.Jobs;

/// <summary>Seconds that devices of a kind were held for a job, see docs/scheduling.md.</summary>
/// <param name="Device">The kind: <c>cpu</c>, <c>cuda</c>.</param>
/// <param name="Load">The model was loaded.</param>
/// <param name="Compute">The model was at work.</param>
/// <param name="Wait">Neither: reading, decoding, encoding and writing that was not hidden.</param>
/// <param name="Lost">Of attempts that came to nothing, whatever was done.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.device-time")]
public sealed record DeviceTime([property: Id(0)] string Device, [property: Id(1)] double Load, [property: Id(2)] double Compute, [property: Id(3)] double Wait, [property: Id(4)] double Lost = 0)
{
    /// <summary>All of them.</summary>
    public double Total => Load + Compute + Wait + Lost;

    /// <summary>The kind of a device: <c>cuda</c> of <c>cuda:0</c>.</summary>
    public static string KindOf(string device) => device.Split(':')[0];

    /// <summary>Sums by kind, in the order of their names.</summary>
    public static IReadOnlyList<DeviceTime> Sum(IEnumerable<DeviceTime> times) =>
    [
        .. times.GroupBy(time => time.Device).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new DeviceTime(group.Key, group.Sum(t => t.Load), group.Sum(t => t.Compute), group.Sum(t => t.Wait), group.Sum(t => t.Lost))),
    ];
}
