using MaskRcnn.Chaos.Faults;

namespace MaskRcnn.Chaos;

/// <summary>What a run came to.</summary>
/// <param name="Seed">Which.</param>
/// <param name="Place">Where its storage was.</param>
/// <param name="Duration">From the submission to the end.</param>
/// <param name="Hits">The faults that hit while the job was running or reducing.</param>
/// <param name="Recoveries">Seconds from a fault until it was made up for.</param>
/// <param name="Violations">What did not hold; none: the run is clean.</param>
internal sealed record RunReport(int Seed, string Place, TimeSpan Duration, IReadOnlyList<Hit> Hits, IReadOnlyList<(FaultKind Kind, double Seconds)> Recoveries, IReadOnlyList<string> Violations)
{
    public bool IsClean => Violations.Count == 0;
}
