using System.Globalization;

namespace MaskRcnn.Silo.Doctor;

/// <summary>Whether two clocks agree. Leases do not depend on it; certificates, SAS, tokens and the order of logs do.</summary>
internal static class ClockCheck
{
    private const string Name = "clock";

    /// <summary>Services tell the second; networks take their time.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);

    /// <summary>From here on credentials that are valid are refused.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromMinutes(5);

    /// <summary>What to think of a clock.</summary>
    /// <param name="whose">Whose it is.</param>
    /// <param name="there">What it said.</param>
    /// <param name="before">Our time before it was asked.</param>
    /// <param name="after">Our time after it.</param>
    public static Finding Judge(string whose, DateTimeOffset there, DateTimeOffset before, DateTimeOffset after)
    {
        TimeSpan off = there < before ? there - before : there > after ? there - after : TimeSpan.Zero;
        string seen = string.Create(CultureInfo.InvariantCulture, $"The clock of {whose} is {(off.Duration() < Tolerance ? "that of this machine" : $"{off.Duration().TotalSeconds:0.0} s {(off > TimeSpan.Zero ? "ahead of" : "behind")} this machine's")}.");
        if (off.Duration() < Tolerance) return new Finding(Name, Verdict.Ok, seen);
        return new Finding(Name, off.Duration() < Most ? Verdict.Warning : Verdict.Failed, seen, "Let both be set by NTP ('timedatectl', 'chronyc tracking').");
    }
}
