namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>Keeps the first of each member that carries no meaning here.</summary>
internal sealed class ExtraMerge(List<MergeConflict> conflicts)
{
    private readonly List<ExtraMember> _merged = [];
    private readonly Dictionary<string, (string Text, string File)> _first = [];

    public IReadOnlyList<ExtraMember> Merged => _merged;

    public void Add(string file, IEnumerable<ExtraMember> members)
    {
        foreach (ExtraMember member in members)
        {
            string text = JsonText.Of(member);
            if (_first.TryAdd(member.Name, (text, file))) _merged.Add(member);
            else if (_first[member.Name].Text != text)
                conflicts.Add(new MergeConflict(
                    "dropped-member",
                    $"{file}: \"{member.Name}\" differs from that of {_first[member.Name].File}; the latter is kept."));
        }
    }
}
