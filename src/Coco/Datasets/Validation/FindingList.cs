namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>Collects findings: the first of each kind with their text, the rest as a count.</summary>
internal sealed class FindingList
{
    private readonly Dictionary<string, Group> _groups = [];
    private readonly List<Group> _inOrder = [];

    public void Error(string code, string file, string subject, string found, string expected, long? annotationId = null) =>
        Add(code, FindingSeverity.Error, file, subject, found, expected, annotationId);

    public void Warning(string code, string file, string subject, string found, string expected, long? annotationId = null) =>
        Add(code, FindingSeverity.Warning, file, subject, found, expected, annotationId);

    public ValidationReport ToReport() => new([.. _inOrder.Select(g => new FindingGroup(g.Code, g.Severity, g.Count, g.First))]);

    private void Add(string code, FindingSeverity severity, string file, string subject, string found, string expected, long? annotationId)
    {
        if (!_groups.TryGetValue(code, out Group? group))
        {
            group = new Group(code, severity);
            _groups.Add(code, group);
            _inOrder.Add(group);
        }
        if (++group.Count <= ValidationReport.ListedPerCode)
            group.First.Add(new Finding(code, severity, annotationId, $"{file}: {subject}: {found}; expected {expected}."));
    }

    private sealed class Group(string code, FindingSeverity severity)
    {
        public string Code { get; } = code;

        public FindingSeverity Severity { get; } = severity;

        public int Count { get; set; }

        public List<Finding> First { get; } = [];
    }
}
