namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>Durations in bounded memory: the mean is exact, quantiles to 2 %.</summary>
internal sealed class StageHistogram
{
    private const double Smallest = 1e-7;
    private const double Factor = 1.02;
    private const int Buckets = 1536;

    private static readonly double LogFactor = Math.Log(Factor);

    private readonly long[] _counts = new long[Buckets];
    private double _sum;

    /// <summary>Durations so far.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean, seconds.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Adds a duration.</summary>
    public void Add(double seconds)
    {
        double bucket = seconds > Smallest ? Math.Ceiling(Math.Log(seconds / Smallest) / LogFactor) : 0;
        _counts[(int)Math.Min(bucket, Buckets - 1)]++;
        _sum += seconds;
        Count++;
    }

    /// <summary>A duration that this part of them does not exceed.</summary>
    /// <param name="part">0 to 1.</param>
    public double Quantile(double part)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(part * Count));
        long seen = 0;
        for (int bucket = 0; bucket < Buckets && Count > 0; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank) return bucket == 0 ? 0 : Smallest * Math.Pow(Factor, bucket - .5);
        }
        return 0;
    }
}
