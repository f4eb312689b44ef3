using System.Numerics;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Boxes;

/// <summary>Greedy non-maximum suppression, with torchvision's results to the index.</summary>
public static class NonMaximumSuppression
{
    /// <summary>Number of boxes up to which torchvision separates groups by shifting their boxes, which rounds them.</summary>
    private const int LargestShifted = 1000;

    /// <summary>Keeps a box unless one with a better score overlaps it by more than a threshold. Of equal scores the first is better.</summary>
    /// <param name="boxes">N boxes.</param>
    /// <param name="scores">N scores.</param>
    /// <param name="threshold">IoU above which a box is suppressed.</param>
    /// <returns>Indices of the kept boxes, best score first.</returns>
    public static int[] Run(ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, double threshold)
    {
        int[] order = Descending(scores);
        int count = order.Length, padded = count + Vector<float>.Count;
        float[] x1 = new float[padded], y1 = new float[padded], x2 = new float[padded], y2 = new float[padded], area = new float[padded];
        for (int i = 0; i < count; i++)
        {
            Box box = boxes[order[i]];
            (x1[i], y1[i], x2[i], y2[i], area[i]) = (box.X1, box.Y1, box.X2, box.Y2, BoxGeometry.Area(box));
        }

        int[] suppressed = new int[padded];
        // torchvision compares in double precision: the largest single that is not above the threshold decides the same.
        float limit = SinglePrecision.LargestNotAbove(threshold);
        List<int> kept = [];
        for (int i = 0; i < count; i++)
        {
            if (suppressed[i] != 0)
                continue;
            kept.Add(order[i]);
            Vector<float> left = new(x1[i]), top = new(y1[i]), right = new(x2[i]), bottom = new(y2[i]), own = new(area[i]), bound = new(limit);
            for (int j = i + 1; j < count; j += Vector<float>.Count)
            {
                Vector<float> width = Vector.Max(Vector.Min(right, new Vector<float>(x2, j)) - Vector.Max(left, new Vector<float>(x1, j)), Vector<float>.Zero);
                Vector<float> height = Vector.Max(Vector.Min(bottom, new Vector<float>(y2, j)) - Vector.Max(top, new Vector<float>(y1, j)), Vector<float>.Zero);
                Vector<float> intersection = width * height;
                Vector<float> iou = intersection / (own + new Vector<float>(area, j) - intersection);
                (new Vector<int>(suppressed, j) | Vector.GreaterThan(iou, bound)).CopyTo(suppressed, j);
            }
        }

        return [.. kept];
    }

    /// <summary>The same within each group: boxes of different groups do not suppress each other.</summary>
    /// <param name="boxes">N boxes.</param>
    /// <param name="scores">N scores.</param>
    /// <param name="groups">N groups: levels or labels.</param>
    /// <param name="threshold">IoU above which a box is suppressed.</param>
    /// <returns>Indices of the kept boxes, best score first.</returns>
    /// <remarks>
    /// torchvision runs one suppression over boxes shifted by group · (largest coordinate + 1) when there are few; the
    /// shift rounds coordinates and may decide a close case. It is imitated, so that both decide alike.
    /// </remarks>
    public static int[] RunBatched(ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> groups, double threshold)
    {
        Box[] compared = boxes.ToArray();
        if (boxes.Length is > 0 and <= LargestShifted)
        {
            float largest = float.NegativeInfinity;
            foreach (Box box in boxes)
                largest = Math.Max(largest, Math.Max(Math.Max(box.X1, box.Y1), Math.Max(box.X2, box.Y2)));
            for (int i = 0; i < compared.Length; i++)
            {
                float shift = groups[i] * (largest + 1);
                compared[i] = new Box(boxes[i].X1 + shift, boxes[i].Y1 + shift, boxes[i].X2 + shift, boxes[i].Y2 + shift);
            }
        }

        Dictionary<int, List<int>> members = [];
        for (int i = 0; i < groups.Length; i++)
        {
            if (!members.TryGetValue(groups[i], out List<int>? list))
                members.Add(groups[i], list = []);
            list.Add(i);
        }

        List<int> kept = [];
        foreach (List<int> group in members.Values)
        {
            Box[] groupBoxes = [.. group.Select(i => compared[i])];
            float[] groupScores = new float[group.Count];
            for (int i = 0; i < groupScores.Length; i++)
                groupScores[i] = scores[group[i]];
            foreach (int index in Run(groupBoxes, groupScores, threshold))
                kept.Add(group[index]);
        }

        kept.Sort();
        float[] keptScores = new float[kept.Count];
        for (int i = 0; i < keptScores.Length; i++)
            keptScores[i] = scores[kept[i]];
        return [.. Descending(keptScores).Select(i => kept[i])];
    }

    /// <summary>Indices by descending score, equal ones in their order.</summary>
    internal static int[] Descending(ReadOnlySpan<float> scores)
    {
        int[] order = new int[scores.Length];
        float[] keys = new float[scores.Length];
        for (int i = 0; i < order.Length; i++)
            (order[i], keys[i]) = (i, scores[i]);
        Array.Sort(order, (a, b) => keys[b].CompareTo(keys[a]) is var byScore && byScore != 0 ? byScore : a.CompareTo(b));
        return order;
    }
}
