namespace MaskRcnn.Detection.Training.Data;

/// <summary>One kind of thing that is wrong in a data set, or worth knowing: how often it is there, and the first of them.</summary>
/// <param name="Code">The kind, one of <see cref="TrainingFindingCodes"/>.</param>
/// <param name="Message">What it is and what becomes of it, to be read after the count.</param>
/// <param name="Count">How often it is there.</param>
/// <param name="Samples">The first of them, each with ids and values; at most <see cref="MostSamples"/>.</param>
public sealed record TrainingDataFinding(string Code, string Message, long Count, IReadOnlyList<string> Samples)
{
    /// <summary>How many findings of a kind are named; the rest are only counted.</summary>
    public const int MostSamples = 5;

    /// <summary>One sentence for people.</summary>
    public override string ToString() => $"{Count} {Message}: {string.Join(", ", Samples)}{(Count > Samples.Count ? $" and {Count - Samples.Count} more" : "")}.";
}
