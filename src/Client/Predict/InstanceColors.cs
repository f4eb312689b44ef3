using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Client.Predict;

/// <summary>A colour for each instance, so that neighbours differ clearly. The same input has the same colours.</summary>
internal static class InstanceColors
{
    /// <summary>Steps of this many degrees never come close to a hue that was just used.</summary>
    private const double GoldenAngle = 137.50776405;

    private const int Candidates = 21;

    private const double FirstHue = 25, Chroma = .19;

    private static readonly double[] Lightness = [.74, .82, .67];

    private static readonly OkLch[] Colors =
        [.. Enumerable.Range(0, Candidates).Select(i => new OkLch(Lightness[i % Lightness.Length], Chroma, (FirstHue + i * GoldenAngle) % 360))];

    /// <summary>How different two colours may look at most, for <see cref="Distances"/>; more than any two here.</summary>
    private const double Far = 1;

    private static readonly double[,] Distances = AllDistances();

    /// <summary>One colour an instance, in their order.</summary>
    /// <param name="instances">The instances; those whose boxes come within <paramref name="reach"/> are neighbours.</param>
    /// <param name="reach">Pixels.</param>
    public static OkLch[] Assign(IReadOnlyList<DetectedInstance> instances, double reach)
    {
        int[] order = [.. Enumerable.Range(0, instances.Count).OrderBy(i => instances[i].Box.X1)];
        var neighbors = new List<int>[instances.Count];
        for (int i = 0; i < neighbors.Length; i++) neighbors[i] = [];
        for (int i = 0; i < order.Length; i++)
        {
            Box box = instances[order[i]].Box;
            for (int j = i + 1; j < order.Length && instances[order[j]].Box.X1 <= box.X2 + reach; j++)
            {
                Box other = instances[order[j]].Box;
                if (other.Y1 > box.Y2 + reach || box.Y1 > other.Y2 + reach) continue;
                neighbors[order[i]].Add(order[j]);
                neighbors[order[j]].Add(order[i]);
            }
        }
        var chosen = new int[instances.Count];
        Array.Fill(chosen, -1);
        for (int i = 0; i < chosen.Length; i++) chosen[i] = Choose(i % Candidates, neighbors[i], chosen);
        return [.. chosen.Select(c => Colors[c])];
    }

    /// <summary>The colour farthest from those of the neighbours; the next of the sequence where none has one yet.</summary>
    private static int Choose(int next, List<int> neighbors, int[] chosen)
    {
        int best = next;
        double bestDistance = -1;
        for (int k = 0; k < Candidates; k++)
        {
            int candidate = (next + k) % Candidates;
            double distance = Far;
            foreach (int neighbor in neighbors)
            {
                if (chosen[neighbor] >= 0) distance = Math.Min(distance, Distances[candidate, chosen[neighbor]]);
            }
            if (distance <= bestDistance) continue;
            (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    private static double[,] AllDistances()
    {
        var distances = new double[Candidates, Candidates];
        for (int i = 0; i < Candidates; i++)
        {
            for (int j = 0; j < Candidates; j++) distances[i, j] = OkLch.Distance(Colors[i], Colors[j]);
        }
        return distances;
    }
}
