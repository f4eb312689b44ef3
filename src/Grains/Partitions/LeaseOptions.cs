using System.Globalization;

namespace MaskRcnn.Grains.Partitions;

/// <summary>How long leases live, and when a shard is taken to be the cause of its workers' deaths.</summary>
public sealed record LeaseOptions
{
    /// <summary>How long a lease lives without a sign of life; above 0, default 15 s.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a worker renews its leases; above 0 and at most half of <see cref="TimeToLive"/>, so that one lost call costs nothing; default 5 s.</summary>
    public TimeSpan Renewal { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how many suspicions a shard of several images is split; at least 1, default 2.</summary>
    public int SuspicionsBeforeSplit { get; init; } = 2;

    /// <summary>After how many deaths of its worker, while it was alone in flight, an image is given up; at least 1, default 3.</summary>
    public int DeathsBeforeGivingUp { get; init; } = 3;

    /// <summary>Whether a call's lease is the one that is held; for tests that show what the comparison is good for.</summary>
    internal Func<(int Epoch, Guid Token), (int Epoch, Guid Token), bool> SameLease { get; init; } = static (held, called) => held == called;

    /// <summary>Everything that is wrong, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        if (TimeToLive <= TimeSpan.Zero) problems.Add(Text($"The leases' time to live is {TimeToLive}; expected more than 0."));
        if (Renewal <= TimeSpan.Zero) problems.Add(Text($"The leases' renewal is every {Renewal}; expected more than 0."));
        if (Renewal > TimeToLive / 2) problems.Add(Text($"The leases' renewal is every {Renewal}; expected at most half of their time to live, {TimeToLive}."));
        if (SuspicionsBeforeSplit < 1) problems.Add(Text($"A shard is split after {SuspicionsBeforeSplit} suspicions; expected at least 1."));
        if (DeathsBeforeGivingUp < 1) problems.Add(Text($"An image is given up after {DeathsBeforeGivingUp} deaths; expected at least 1."));
        return problems;
    }

    /// <summary>Throws with everything that is wrong.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        IReadOnlyList<string> problems = Problems();
        if (problems.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, problems));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
