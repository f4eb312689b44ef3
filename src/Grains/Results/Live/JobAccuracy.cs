using System.Text.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Results.Live;

/// <summary>
/// AP of a job as far as it is committed, computed now and then on a thread of its own; of a job that has ended, from its
/// report. Trouble is no trouble: the number is then an older one.
/// </summary>
internal sealed class JobAccuracy(JobContext job, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);

    /// <summary>A round is followed by a pause of so many times its length: the number costs less than 2 % of a core.</summary>
    private const int PauseOfRound = 50;

    private readonly LiveEvaluation _evaluation = new(job.Store, job.Document);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private BackgroundThread? _round;
    private long _ended;
    private TimeSpan _pause = ShortestPause;
    private volatile IReadOnlyDictionary<string, double> _now = new Dictionary<string, double>();

    /// <summary>AP by IoU type as it was last computed; begins to compute it anew if that is some time ago.</summary>
    public IReadOnlyDictionary<string, double> Now
    {
        get
        {
            if (job.Document.Specification.Annotations is null || !_evaluation.IsKnown) return _now;
            if (_round is { End.IsCompleted: true })
            {
                _round = null;
                _ended = time.GetTimestamp();
            }
            if (_round is null && (_ended == 0 || time.GetElapsedTime(_ended) >= _pause)) _round = new BackgroundThread("AP so far", Round);
            return _now;
        }
    }

    /// <summary>AP by IoU type of a finished job.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> OfReportAsync(JobContext job, CancellationToken cancellation)
    {
        try
        {
            using JsonDocument report = JsonDocument.Parse((await job.Store.ReadAsync(JobLayout.Result + "report.json", null, cancellation)).Data);
            return report.RootElement.GetProperty("iouTypes").EnumerateObject().ToDictionary(type => type.Name, type => type.Value.GetProperty("stats").GetProperty("AP").GetDouble());
        }
        catch (Exception exception) when (exception is IOException or JsonException or KeyNotFoundException)
        {
            return new Dictionary<string, double>();
        }
    }

    /// <summary>Stops computing.</summary>
    public void Stop() => _round?.Stop();

    private void Round(CancellationToken stop)
    {
        long start = time.GetTimestamp();
        int before = _seen.Count;
        foreach (string shard in job.Commits.ListAsync(null, null, stop).ToBlockingEnumerable(stop))
        {
            if (_seen.Contains(shard) || job.Commits.FindAsync(shard, stop).GetAwaiter().GetResult() is not { } record) continue;
            _evaluation.Add(record, stop);
            _seen.Add(shard);
        }
        if (_seen.Count > before) _now = _evaluation.AveragePrecision(stop);
        TimeSpan round = time.GetElapsedTime(start) * PauseOfRound;
        _pause = round > ShortestPause ? round : ShortestPause;
    }
}
