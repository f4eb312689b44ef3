using System.Globalization;

namespace MaskRcnn.Silo.Health;

/// <summary>
/// What is known of a silo's health. <see cref="HealthWatch"/> writes it every few seconds; questions only read it, so that
/// they cost nothing however often they are asked, and are answered while all else is away.
/// </summary>
internal sealed class HealthState(TimeProvider time)
{
    /// <summary>How old the last good answer of the grains may be: three looks that failed or were late.</summary>
    public static readonly TimeSpan AnswerLives = TimeSpan.FromSeconds(20);

    /// <summary>How long one of the process's own loops may be without a turn. A silo that is only busy has had one.</summary>
    public static readonly TimeSpan LongestHang = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _beats = [];
    private string _status = "not started";
    private bool _hasJoined, _isMember, _isLeaving;
    private long? _answered;
    private string _failure = "they were not asked yet";

    /// <summary>Where it stands in the cluster, in a word; and whether that is a member at work.</summary>
    public void Saw(string status, bool isMember)
    {
        lock (_lock)
        {
            (_status, _isMember) = (status, isMember);
            _hasJoined |= isMember;
        }
    }

    /// <summary>The cluster's grains have answered, or not, and why.</summary>
    public void Answered(string? failure)
    {
        lock (_lock)
        {
            if (failure is null) _answered = time.GetTimestamp();
            else _failure = failure;
        }
    }

    /// <summary>The silo is told to leave: from now on nobody should send it new work.</summary>
    public void Leave()
    {
        lock (_lock) _isLeaving = true;
    }

    /// <summary>One of the process's own loops has had a turn.</summary>
    public void Beat(string loop)
    {
        lock (_lock) _beats[loop] = time.GetTimestamp();
    }

    /// <summary>Whether it has joined the cluster.</summary>
    public HealthAnswer Started()
    {
        lock (_lock) return new HealthAnswer("started", _hasJoined ? [] : [Unjoined()]);
    }

    /// <summary>Whether it can be sent work: joined, grains answer, and not leaving.</summary>
    public HealthAnswer Ready()
    {
        lock (_lock)
        {
            var missing = new List<string>();
            if (_isLeaving) missing.Add("The silo is leaving: it finishes what it has and takes nothing new.");
            if (!_isMember) missing.Add(Unjoined());
            else if (_answered is not { } answered) missing.Add($"The cluster's grains have not answered yet: {_failure}.");
            else if (time.GetElapsedTime(answered) is var age && age > AnswerLives) missing.Add(string.Create(CultureInfo.InvariantCulture, $"The cluster's grains have not answered for {age.TotalSeconds:0} s: {_failure}."));
            return new HealthAnswer("ready", missing);
        }
    }

    /// <summary>Whether the process itself goes on. Nothing outside it has a say: to restart it would help against nothing there.</summary>
    public HealthAnswer Live()
    {
        lock (_lock)
        {
            return new HealthAnswer("live", [.. _beats.Select(beat => (Loop: beat.Key, Age: time.GetElapsedTime(beat.Value))).Where(beat => beat.Age > LongestHang).OrderBy(beat => beat.Loop, StringComparer.Ordinal)
                .Select(beat => string.Create(CultureInfo.InvariantCulture, $"{beat.Loop} had no turn for {beat.Age.TotalSeconds:0} s, expected one every few seconds."))]);
        }
    }

    private string Unjoined() => $"The silo is no member of the cluster at work: its status is '{_status}'.";
}
