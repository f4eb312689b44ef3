namespace MaskRcnn.Storage.Faults;

/// <summary>Plans of faults for <see cref="FaultyBlobStore"/>.</summary>
public static class FaultPlans
{
    /// <summary>A share of all operations goes wrong, the same ones for the same seed and order of operations.</summary>
    /// <param name="seed">Which.</param>
    /// <param name="rate">The share, 0 to 1.</param>
    /// <param name="kinds">What goes wrong; each as often as the others.</param>
    public static Func<string, string, Fault?> Seeded(int seed, double rate, params FaultKind[] kinds)
    {
        var random = new Random(seed);
        return (_, _) =>
        {
            lock (random) return random.NextDouble() < rate ? new Fault(kinds[random.Next(kinds.Length)]) : null;
        };
    }

    /// <summary>The n-th operation of a kind on names with a prefix goes wrong, once.</summary>
    /// <param name="operation">One of the names in <see cref="FaultyBlobStore"/>.</param>
    /// <param name="prefix">How the blob's name begins.</param>
    /// <param name="number">Which of them, from 1.</param>
    /// <param name="kind">What goes wrong.</param>
    public static Func<string, string, Fault?> Once(string operation, string prefix, int number, FaultKind kind)
    {
        int seen = 0;
        return (what, name) => what == operation && name.StartsWith(prefix, StringComparison.Ordinal) && Interlocked.Increment(ref seen) == number ? new Fault(kind) : null;
    }
}
