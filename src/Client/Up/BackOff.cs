namespace MaskRcnn.Client.Up;

/// <summary>How long to wait before a process that has ended is started again: longer each time, until one has lived for a while.</summary>
internal sealed class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongLife = TimeSpan.FromSeconds(60);

    private TimeSpan _next = First;

    /// <summary>The wait after a process that has lived for some time.</summary>
    public TimeSpan After(TimeSpan life)
    {
        if (life >= LongLife) _next = First;
        TimeSpan wait = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }
}
