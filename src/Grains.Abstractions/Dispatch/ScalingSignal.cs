namespace MaskRcnn.Grains.Dispatch;

/// <summary>How many workers a pool should have, see docs/scheduling.md.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Wanted">Workers that it should have; 0 only if no shard is open.</param>
/// <param name="Busy">Workers that have a shard.</param>
/// <param name="Workers">Workers that were heard of in the last minute.</param>
/// <param name="DeviceSecondsLeft">Device-seconds that its jobs will take yet, as far as that is known.</param>
/// <param name="Reason">Why so many, for people.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.scaling-signal")]
public sealed record ScalingSignal(
    [property: Id(0)] string Pool, [property: Id(1)] int Wanted, [property: Id(2)] int Busy, [property: Id(3)] int Workers, [property: Id(4)] double DeviceSecondsLeft, [property: Id(5)] string Reason);
