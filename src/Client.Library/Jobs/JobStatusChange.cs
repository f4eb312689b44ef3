using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary>Whether there is news.</summary>
internal static class JobStatusChange
{
    /// <summary>Whether two statuses differ in more than when they were asked for.</summary>
    public static bool Between(JobStatus before, JobStatus after) =>
        !Same(before.AveragePrecision, after.AveragePrecision)
        || before != after with { Updated = before.Updated, AveragePrecision = before.AveragePrecision };

    // Records compare dictionaries by reference, and each answer has its own.
    private static bool Same(IReadOnlyDictionary<string, double> a, IReadOnlyDictionary<string, double> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out double value) && value.Equals(pair.Value));
}
