namespace MaskRcnn.Grains.Telemetry;

/// <summary>What a worker does with a shard: values of the label <c>stage</c>, and names of spans.</summary>
internal static class Stages
{
    /// <summary>Loading a model.</summary>
    public const string Load = "load";

    /// <summary>Reading an image from its store.</summary>
    public const string Fetch = "fetch";

    /// <summary>Decoding an image.</summary>
    public const string Decode = "decode";

    /// <summary>The model on a batch.</summary>
    public const string Infer = "infer";

    /// <summary>Masks and everything that is made of an image.</summary>
    public const string Encode = "encode";

    /// <summary>Adding an image to its shard's parts.</summary>
    public const string Write = "write";

    /// <summary>Evaluating a shard and closing its parts.</summary>
    public const string Finish = "finish";

    /// <summary>Putting a shard's commit record.</summary>
    public const string Commit = "commit";
}
