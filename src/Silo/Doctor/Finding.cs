namespace MaskRcnn.Silo.Doctor;

/// <summary>What a check has come to.</summary>
public enum Verdict
{
    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>A silo works, but not well, or not for long.</summary>
    Warning,

    /// <summary>A silo does not work so.</summary>
    Failed,
}

/// <summary>What a check has found. Nothing in it is secret.</summary>
/// <param name="Check">What was looked at: <c>storage</c>, <c>redis</c>, …</param>
/// <param name="Verdict">What to think of it.</param>
/// <param name="Seen">What was seen, a sentence.</param>
/// <param name="Advice">What to do; null: nothing.</param>
public sealed record Finding(string Check, Verdict Verdict, string Seen, string? Advice = null);
