using MaskRcnn.Client.Library.Tests.Fakes;

namespace MaskRcnn.Client.Tests.Jobs;

/// <summary>Runs of commands over a fake cluster.</summary>
internal static class JobRun
{
    public static CommandRun Of(FakeCluster cluster, params string[] arguments) =>
        CommandRun.Of((_, _, onWaiting, _) => Task.FromResult(cluster.Client(onWaiting: onWaiting)), arguments);
}
