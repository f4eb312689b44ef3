namespace MaskRcnn.Coco.Evaluation.Accumulation;

/// <summary>numpy's summation, so that means agree with pycocotools to the last bit.</summary>
internal static class PairwiseSum
{
    private const int Block = 128;

    /// <summary>numpy reduces through a buffer of this many values, one sum after the other.</summary>
    private const int Buffer = 8192;

    public static double Of(ReadOnlySpan<double> values)
    {
        double sum = 0;
        for (; values.Length > Buffer; values = values[Buffer..]) sum += Pairwise(values[..Buffer]);
        return sum + Pairwise(values);
    }

    public static double Mean(ReadOnlySpan<double> values) => Of(values) / values.Length;

    /// <summary>
    /// Up to 128 values by 8 accumulators, combined as ((0+1)+(2+3))+((4+5)+(6+7)); more by halves, the first rounded
    /// down to a multiple of 8.
    /// </summary>
    private static double Pairwise(ReadOnlySpan<double> values)
    {
        if (values.Length < 8)
        {
            double sum = 0;
            foreach (double value in values) sum += value;
            return sum;
        }
        if (values.Length > Block)
        {
            int half = values.Length / 2;
            half -= half % 8;
            return Pairwise(values[..half]) + Pairwise(values[half..]);
        }
        Span<double> r = stackalloc double[8];
        values[..8].CopyTo(r);
        int i = 8;
        for (; i < values.Length - values.Length % 8; i += 8)
        {
            for (int j = 0; j < 8; j++) r[j] += values[i + j];
        }
        double result = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
        for (; i < values.Length; i++) result += values[i];
        return result;
    }
}
