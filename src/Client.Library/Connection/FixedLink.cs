namespace MaskRcnn.Client.Connection;

/// <summary>Grains that somebody else keeps connected: a host, or a test.</summary>
internal sealed class FixedLink(IGrainFactory grains) : IClusterLink
{
    public string Description => "the cluster of this process";

    public IGrainFactory Grains => grains;

    public Task ReconnectAsync(IGrainFactory lost, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
