namespace MaskRcnn.Client.Demo;

/// <summary>What <c>maskrcnn demo</c> was asked for.</summary>
internal sealed record DemoOptions
{
    /// <summary>How many workers the demo's cluster has.</summary>
    public const int Workers = 2;

    /// <summary>Detections of an image that count in AP: images hold up to 300 nuclei, more than COCO's 100.</summary>
    public const int MostDetections = 1000;

    /// <summary>Detections of at least this score are drawn, and counted as finds or false alarms.</summary>
    public const double ShownScore = .5;

    /// <summary>The folder to write to, absolute.</summary>
    public required string Output { get; init; }

    /// <summary>Sample images.</summary>
    public required int Count { get; init; }

    /// <summary>The samples' seed.</summary>
    public required int Seed { get; init; }

    /// <summary>The model file, absolute.</summary>
    public required string Model { get; init; }
}
