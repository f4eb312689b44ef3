namespace MaskRcnn.Detection.Training.Data;

/// <summary>Counts findings by kind and keeps the first of each.</summary>
internal sealed class FindingTally
{
    private readonly Dictionary<string, (long Count, List<string> Samples)> _kinds = [];

    /// <summary>The kinds in the order in which they were met.</summary>
    private readonly List<string> _order = [];

    public void Add(string code, string sample)
    {
        if (!_kinds.TryGetValue(code, out (long Count, List<string> Samples) kind))
        {
            kind = (0, []);
            _order.Add(code);
        }
        if (kind.Count < TrainingDataFinding.MostSamples) kind.Samples.Add(sample);
        _kinds[code] = (kind.Count + 1, kind.Samples);
    }

    /// <summary>Adds what another has, after what this one has.</summary>
    public void Add(FindingTally other)
    {
        foreach (string code in other._order)
        {
            (long count, List<string> samples) = other._kinds[code];
            foreach (string sample in samples) Add(code, sample);
            _kinds[code] = (_kinds[code].Count + count - samples.Count, _kinds[code].Samples);
        }
    }

    public IReadOnlyList<TrainingDataFinding> ToFindings() =>
        [.. _order.Select(code => new TrainingDataFinding(code, TrainingFindingCodes.MessageOf(code), _kinds[code].Count, _kinds[code].Samples))];
}
