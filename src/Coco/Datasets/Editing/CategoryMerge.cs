namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>Matches categories by name.</summary>
internal sealed class CategoryMerge(List<MergeConflict> conflicts)
{
    private readonly List<CocoCategory> _merged = [];
    private readonly Dictionary<string, (CocoCategory Category, string File)> _byName = [];
    private readonly HashSet<long> _ids = [];

    public IReadOnlyList<CocoCategory> Merged => _merged;

    /// <summary>Adds a file's categories.</summary>
    /// <returns>The new id for each of the file's.</returns>
    public Dictionary<long, long> Add(string file, IReadOnlyList<CocoCategory> categories)
    {
        var ids = new Dictionary<long, long>();
        var names = new HashSet<string>();
        // A new name must not take an id that a later category of this file could have kept.
        long over = Math.Max(_ids.DefaultIfEmpty(0).Max(), categories.Select(c => c.Id).DefaultIfEmpty(0).Max());
        foreach (CocoCategory category in categories)
        {
            if (!names.Add(category.Name))
                conflicts.Add(new MergeConflict(
                    "same-category-name", $"{file}: the category \"{category.Name}\" is there twice; its annotations are joined."));
            if (_byName.TryGetValue(category.Name, out (CocoCategory Category, string File) known))
            {
                Compare(file, category, known.File, known.Category);
            }
            else
            {
                CocoCategory added = category with { Id = _ids.Contains(category.Id) ? ++over : category.Id };
                _ids.Add(added.Id);
                _merged.Add(added);
                known = (added, file);
                _byName.Add(category.Name, known);
            }
            if (!ids.TryAdd(category.Id, known.Category.Id))
                throw new DatasetContentException(file, $"the id {category.Id} is that of two categories", "each category's own id");
        }
        return ids;
    }

    private void Compare(string file, CocoCategory category, string firstFile, CocoCategory first)
    {
        if (category.Supercategory != first.Supercategory)
            Add("supercategory", category.Supercategory, first.Supercategory);
        foreach (string member in (string[])["keypoints", "skeleton"])
        {
            string? here = JsonText.Of(category.Extra, member), there = JsonText.Of(first.Extra, member);
            if (here != there) Add(member, here, there);
        }

        void Add(string member, string? here, string? there) => conflicts.Add(new MergeConflict(member,
            $"{file}: category \"{category.Name}\" has the {member} {here ?? "(none)"}, in {firstFile} it is {there ?? "(none)"}; the latter is kept."));
    }
}
