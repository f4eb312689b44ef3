using System.Diagnostics;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>Waiting for a state of other processes, never for a time to pass.</summary>
internal static class Patience
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    /// <summary>For what takes seconds on a machine that has nothing else to do.</summary>
    public static TimeSpan Usual { get; } = TimeSpan.FromSeconds(90);

    /// <summary>Looks until something is there.</summary>
    /// <param name="phase">What is waited for.</param>
    /// <param name="look">Looks; null: not yet.</param>
    /// <param name="explain">How things stand, for the message.</param>
    /// <param name="limit">How long; null: <see cref="Usual"/>.</param>
    public static async Task<T> ForAsync<T>(string phase, Func<Task<T?>> look, Func<Task<string>> explain, TimeSpan? limit = null)
        where T : class
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await look() is { } found) return found;
            if (Stopwatch.GetElapsedTime(start) > (limit ?? Usual))
            {
                Assert.Fail($"After {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s there is still no sign of: {phase}. A time-out is missing evidence; this is how things stand.\n{await explain()}");
            }
            await Task.Delay(BetweenLooks, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Looks until something holds.</summary>
    public static Task UntilAsync(string phase, Func<bool> holds, Func<Task<string>> explain, TimeSpan? limit = null) =>
        ForAsync(phase, () => Task.FromResult(holds() ? "yes" : null), explain, limit);
}
