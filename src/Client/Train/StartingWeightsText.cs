using MaskRcnn.Detection.Training.Initialization;

namespace MaskRcnn.Client.Train;

/// <summary>What was taken of a file of weights, in words.</summary>
internal static class StartingWeightsText
{
    private const int MostNames = 12;

    public static IEnumerable<string> Lines(string file, StartingWeights weights)
    {
        yield return $"weights: {file}, norm eps {weights.NormEps}";
        yield return $"  taken: {weights.Taken.Count} tensors ({Parts(weights.Taken)})";
        yield return weights.New.Count == 0
            ? "  new: none"
            : $"  new: {weights.New.Count} tensors ({Parts(weights.New)}): {Names([.. weights.New.Select(name => weights.Reshaped.Contains(name) ? name + " (other shape in the file)" : name)])}";
        if (weights.Unused.Count > 0) yield return $"  not used: {weights.Unused.Count} tensors of the file: {Names(weights.Unused)}";
    }

    /// <summary>Tensors of each part of the network, as backbone.body or rpn.head.</summary>
    private static string Parts(IReadOnlyList<string> names) =>
        string.Join(", ", names.GroupBy(name => string.Join('.', name.Split('.').Take(2))).Select(part => $"{part.Key} {part.Count()}"));

    private static string Names(IReadOnlyList<string> names) => string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
}
