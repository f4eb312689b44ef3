namespace MaskRcnn.Grains.Jobs;

/// <summary>A job's folder as what opens it. If it holds a SAS it is a secret: for a store, and not to be shown.</summary>
/// <param name="Uri">A path or URI, with its SAS.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.output-address")]
public sealed record OutputAddress([property: Id(0)] string Uri)
{
    /// <summary>Nothing of it: answers may be logged.</summary>
    public override string ToString() => nameof(OutputAddress);
}
