using MaskRcnn.Storage.Faults;

namespace MaskRcnn.Chaos.Host;

/// <summary>Commits and the writing of results take their time, as on a busy service, so that faults hit them.</summary>
internal static class SlowMoments
{
    private static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(1200), Result = TimeSpan.FromMilliseconds(1500);

    public static Fault? Of(string operation, string name) => operation switch
    {
        FaultyBlobStore.Write when name.StartsWith("commits/", StringComparison.Ordinal) => Slow(Commit),
        FaultyBlobStore.Write or FaultyBlobStore.OpenWrite or FaultyBlobStore.Compose when name.StartsWith("result/", StringComparison.Ordinal) => Slow(Result),
        _ => null,
    };

    private static Fault Slow(TimeSpan time) => new(FaultKind.Slow, Task.Delay(time, TimeProvider.System));
}
