namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>Warns where pycocotools' numbers are not what one would expect.</summary>
public static class TrapWarnings
{
    /// <summary>What can be told without the files.</summary>
    /// <param name="parameters">What is evaluated by.</param>
    /// <param name="boxesBesideMasks">Whether the results have a box each, as <c>maskrcnn predict</c> writes them.</param>
    public static IEnumerable<string> Of(EvaluationParameters parameters, bool boxesBesideMasks)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return [.. AreaWarnings(parameters), .. LimitWarnings(parameters), .. KindWarnings(parameters, boxesBesideMasks)];
    }

    internal static IEnumerable<string> Of(EvaluationParameters parameters, GroundTruthFile groundTruth, ResultsFile results)
    {
        if (results.Kind == ResultsKind.Empty)
            yield return $"{results.Source.Name} holds no detections; AP and AR are 0 wherever there are objects.";
        foreach (string warning in AreaWarnings(parameters)) yield return warning;
        if (parameters.FixKnownTraps) yield break;
        int zeros = groundTruth.Annotations.Places().Count(place => groundTruth.Annotations.Row(place).Id == 0);
        if (zeros > 0)
            yield return "An annotation has the id 0; pycocotools takes what matches it for unmatched, and so is done here. --fix-known-traps counts it.";
        foreach (string warning in LimitWarnings(parameters)) yield return warning;
        foreach (string warning in KindWarnings(parameters, results.Kind == ResultsKind.Boxes)) yield return warning;
    }

    private static IEnumerable<string> KindWarnings(EvaluationParameters parameters, bool boxesBesideMasks)
    {
        if (!parameters.FixKnownTraps && parameters.IouType == IouType.Segm && boxesBesideMasks)
            yield return "Results carry boxes beside masks; pycocotools takes the boxes' areas for small, medium and large, and so is done here. --fix-known-traps takes the masks'.";
    }

    private static IEnumerable<string> AreaWarnings(EvaluationParameters parameters)
    {
        if (!parameters.AreaRanges.Any(r => r.Name == "all"))
            yield return "No area range is named 'all'; AP and AR over all areas are -1.";
    }

    private static IEnumerable<string> LimitWarnings(EvaluationParameters parameters)
    {
        if (parameters.FixKnownTraps) yield break;
        int limit = parameters.IouType == IouType.Keypoints ? 20 : 100;
        if (!parameters.MaxDetections.Contains(limit))
            yield return $"--max-dets does not hold {limit}, at which pycocotools reads {(limit == 20 ? "all numbers" : "AP")}; -1 is reported, as it does. --fix-known-traps reads at the last limit.";
    }
}
