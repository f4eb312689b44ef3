using System.Globalization;
using MaskRcnn.Jobs.Benchmarks.Cluster;

namespace MaskRcnn.Jobs.Benchmarks.Soak;

/// <summary>Memory and tensors of a cluster's processes and of this one, again and again.</summary>
internal sealed class Readings(IReadOnlyList<SiloProcess> silos) : IDisposable
{
    private const string Client = "client", TensorGauge = "maskrcnn_worker_tensors{";

    private const int MostTries = 20;

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    private readonly List<Reading> _readings = [];
    private readonly HttpClient _http = new();

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Processes { get; } = [.. silos.Select(silo => silo.Name), Client];

    /// <summary>Looks at all.</summary>
    /// <param name="at">Since the beginning.</param>
    public async Task TakeAsync(TimeSpan at)
    {
        foreach (SiloProcess silo in silos) _readings.Add(new Reading(silo.Name, at, silo.Megabytes, await TensorsAsync(silo)));
        _readings.Add(new Reading(Client, at, Environment.WorkingSet / 1048576.0, null));
    }

    /// <summary>The median of what was resident.</summary>
    public double Megabytes(string process, TimeSpan from, TimeSpan until)
    {
        double[] sorted = [.. _readings.Where(reading => reading.Process == process && reading.At > from && reading.At <= until).Select(reading => reading.Megabytes).Order()];
        return sorted.Length == 0 ? throw new InvalidOperationException($"No job ended between {from} and {until}; take fewer or smaller images.") : sorted[sorted.Length / 2];
    }

    /// <summary>The fewest and the most tensors; 0 where a process has none.</summary>
    public (long Least, long Most) Tensors(string process, TimeSpan from)
    {
        long[] counts = [.. _readings.Where(reading => reading.Process == process && reading.At > from).Select(reading => reading.Tensors).OfType<long>()];
        return counts.Length == 0 ? (0, 0) : (counts.Min(), counts.Max());
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A worker may still be at work on a shard that another has committed before it; those tensors are no leak, and gone soon.</summary>
    private async Task<long?> TensorsAsync(SiloProcess silo)
    {
        long? usual = _readings.FindLast(reading => reading.Process == silo.Name)?.Tensors;
        for (int i = 0; ; i++)
        {
            long? count = TensorsOf(await _http.GetStringAsync(silo.Metrics));
            if (count == usual || usual is null || i == MostTries) return count;
            await Task.Delay(Again, TimeProvider.System);
        }
    }

    private static long? TensorsOf(string page) => page.Split('\n').FirstOrDefault(line => line.StartsWith(TensorGauge, StringComparison.Ordinal)) is { } line
        ? long.Parse(line.Split('}')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture)
        : null;

    private sealed record Reading(string Process, TimeSpan At, double Megabytes, long? Tensors);
}
