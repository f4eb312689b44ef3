namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>What a validation found, by kind, in the order in which the kinds were met.</summary>
/// <param name="Groups">One group a kind; none for a file without fault.</param>
public sealed record ValidationReport(IReadOnlyList<FindingGroup> Groups)
{
    /// <summary>How many findings of a kind are listed one by one; the rest are only counted.</summary>
    public const int ListedPerCode = 20;

    /// <summary>How many findings of severity error there are.</summary>
    public int Errors => Count(FindingSeverity.Error);

    /// <summary>How many findings of severity warning there are.</summary>
    public int Warnings => Count(FindingSeverity.Warning);

    private int Count(FindingSeverity severity) => Groups.Where(g => g.Severity == severity).Sum(g => g.Count);
}
