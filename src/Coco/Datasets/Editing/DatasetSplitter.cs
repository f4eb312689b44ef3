using System.Globalization;

namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>Splits a data set into parts that share no image, such as for training and validation.</summary>
public static class DatasetSplitter
{
    private const double Rounding = 1e-9;

    /// <summary>Splits by image. Each part keeps all categories, <c>info</c> and <c>licenses</c>, and the file's order.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="fractions">
    /// Each part's share of the images, over 0; together at most 1. If they sum to 1 every image is in exactly one
    /// part, otherwise the rest is left out. Sizes are rounded by largest remainder, the earlier part first on ties.
    /// </param>
    /// <param name="seed">The same seed gives the same parts: consecutive pieces of a Fisher-Yates shuffle drawn with <c>System.Random(seed)</c>.</param>
    /// <exception cref="ArgumentException">The fractions are not as described.</exception>
    /// <exception cref="DatasetContentException">Two images have one id, or an annotation is of an unknown image.</exception>
    public static IReadOnlyList<CocoDataset> Split(string file, CocoDataset dataset, IReadOnlyList<double> fractions, int seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (CheckFractions(fractions) is { } problem) throw new ArgumentException(problem, nameof(fractions));
        DatasetSelection.CheckImageIds(file, dataset);
        int[] order = DatasetSelection.Shuffle(dataset.Images.Count, seed);
        var parts = new List<CocoDataset>();
        int next = 0;
        foreach (int size in Sizes(order.Length, fractions))
        {
            parts.Add(DatasetSelection.Take(dataset, order.Skip(next).Take(size)));
            next += size;
        }
        return parts;
    }

    /// <summary>Checks fractions before there is a data set.</summary>
    /// <param name="fractions">Each part's share.</param>
    /// <returns>What is wrong with them, or null.</returns>
    public static string? CheckFractions(IReadOnlyList<double> fractions)
    {
        ArgumentNullException.ThrowIfNull(fractions);
        if (fractions.Count == 0) return "There is no fraction; expected at least one, for instance 0.8,0.2.";
        foreach (double fraction in fractions)
        {
            if (!(fraction > 0 && fraction <= 1 + Rounding))
                return string.Create(CultureInfo.InvariantCulture, $"A fraction is {fraction}; expected numbers over 0 and up to 1.");
        }
        double sum = fractions.Sum();
        return sum > 1 + Rounding ? string.Create(CultureInfo.InvariantCulture, $"The fractions sum to {sum:0.######}; expected at most 1.") : null;
    }

    private static int[] Sizes(int images, IReadOnlyList<double> fractions)
    {
        // What is left of 1 takes part in the rounding too, so that 0.5 of 10 images is 5.
        double rest = 1 - fractions.Sum();
        double[] quotas = [.. fractions.Append(rest > Rounding ? rest : 0).Select(f => f * images)];
        int[] sizes = [.. quotas.Select(q => (int)Math.Floor(q + Rounding))];
        int missing = images - sizes.Sum();
        foreach (int part in Enumerable.Range(0, sizes.Length).OrderByDescending(i => Math.Round(quotas[i] - sizes[i], 6)).Take(missing)) sizes[part]++;
        return sizes[..^1];
    }
}
