namespace MaskRcnn.Detection.Rpn;

/// <summary>The largest of many values.</summary>
internal static class TopK
{
    /// <summary>Indices of the k largest values, largest first; of equal values the first.</summary>
    public static int[] Indices(ReadOnlySpan<float> values, int k)
    {
        k = Math.Min(k, values.Length);
        if (k == 0)
            return [];
        float smallest = Smallest(values.ToArray(), k);
        List<int> above = [], equal = [];
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] > smallest)
                above.Add(i);
            else if (values[i] == smallest && equal.Count < k)
                equal.Add(i);
        }

        int[] chosen = [.. above, .. equal.Take(k - above.Count)];
        float[] keys = new float[chosen.Length];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = values[chosen[i]];
        int[] order = Boxes.NonMaximumSuppression.Descending(keys);
        return [.. order.Select(i => chosen[i])];
    }

    /// <summary>The k-th largest value, by quickselect; reorders the values.</summary>
    private static float Smallest(Span<float> values, int k)
    {
        int low = 0, high = values.Length - 1, target = k - 1;
        while (low < high)
        {
            float pivot = Median(values[low], values[(low + high) / 2], values[high]);
            int i = low, j = high;
            while (i <= j)
            {
                while (values[i] > pivot)
                    i++;
                while (values[j] < pivot)
                    j--;
                if (i > j)
                    break;
                (values[i], values[j]) = (values[j], values[i]);
                i++;
                j--;
            }

            if (target <= j)
                high = j;
            else if (target >= i)
                low = i;
            else
                break;
        }

        return values[target];
    }

    private static float Median(float a, float b, float c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
