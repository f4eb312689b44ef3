using System.Diagnostics;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Jobs.Benchmarks.Scale;

/// <summary>Asks again and again where a job stands, and how long that takes; and looks how large the grains' state is.</summary>
/// <param name="state">The state root, a folder.</param>
internal sealed class Watch(string state)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly List<(double Milliseconds, double After, double Collecting)> _asked = [];

    /// <summary>Bytes of all grains' state, when they were most.</summary>
    public long MostState { get; private set; }

    public int Count => _asked.Count;

    /// <summary>The one that took longest: milliseconds, seconds after the first, and milliseconds in which this process collected garbage meanwhile, which has all workers.</summary>
    public (double Milliseconds, double After, double Collecting) Slowest => _asked.MaxBy(asked => asked.Milliseconds);

    /// <summary>How long a status took, in milliseconds.</summary>
    public double Quantile(double part)
    {
        double[] sorted = [.. _asked.Select(asked => asked.Milliseconds).Order()];
        return sorted[(int)Math.Round(part * (sorted.Length - 1))];
    }

    /// <summary>Until every image is done.</summary>
    public async Task<JobStatus> UntilDoneAsync(JobHandle job)
    {
        // The first one opens the connection.
        await job.GetStatusAsync();
        long first = Stopwatch.GetTimestamp();
        while (true)
        {
            TimeSpan collecting = GC.GetTotalPauseDuration();
            long start = Stopwatch.GetTimestamp();
            JobStatus status = await job.GetStatusAsync();
            _asked.Add((Stopwatch.GetElapsedTime(start).TotalMilliseconds, Stopwatch.GetElapsedTime(first, start).TotalSeconds, (GC.GetTotalPauseDuration() - collecting).TotalMilliseconds));
            MostState = Math.Max(MostState, StateBytes());
            if (status.State.IsFinal()) throw new InvalidOperationException($"The job ended as {status.State}: {status.Reason}");
            if (status.ListingDone && status.Images.Left == 0) return status;
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private long StateBytes()
    {
        var folder = new DirectoryInfo(Path.Combine(state, "state"));
        if (!folder.Exists) return 0;
        long sum = 0;
        foreach (FileInfo file in folder.EnumerateFiles("*.bin", SearchOption.AllDirectories))
        {
            try
            {
                sum += file.Length;
            }
            catch (FileNotFoundException)
            {
                // It was cleared meanwhile.
            }
        }
        return sum;
    }
}
