namespace MaskRcnn.Grains.Workers;

/// <summary>The time that a worker has left when it was told to leave. Part of it is kept for committing.</summary>
internal sealed class Leaving
{
    private static readonly TimeSpan MostForCommits = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly TimeSpan _grace, _work;
    private readonly long _start;

    /// <summary>It begins now.</summary>
    /// <param name="grace">How long it may take in all.</param>
    /// <param name="time">The clock.</param>
    public Leaving(TimeSpan grace, TimeProvider time)
    {
        (_time, _grace, _start) = (time, grace, time.GetTimestamp());
        TimeSpan quarter = grace / 4;
        _work = grace - (quarter < MostForCommits ? quarter : MostForCommits);
    }

    /// <summary>How long images may still be worked on.</summary>
    public TimeSpan WorkLeft => Left(_work);

    /// <summary>How long until the process goes on to end, whatever is not done.</summary>
    public TimeSpan GraceLeft => Left(_grace);

    /// <summary>How long it has taken so far.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>Whether some images can be finished; when nobody knows how long one takes, they cannot.</summary>
    public bool Fits(int images, TimeSpan? each) => each is { } time && images * time <= WorkLeft;

    private TimeSpan Left(TimeSpan whole) => whole - Elapsed is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
