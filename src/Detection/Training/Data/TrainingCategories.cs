using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Detection.Training.Data;

/// <summary>A data set's categories and the network's labels.</summary>
public static class TrainingCategories
{
    /// <summary>The labels of a new model for a data set: its categories, by ascending id, become the labels 1 to N.</summary>
    /// <param name="categories">The data set's categories.</param>
    /// <exception cref="TrainingDataException">There are none, or two have one id or one name.</exception>
    public static IReadOnlyList<LabelledCategory> FromData(IReadOnlyList<CocoCategory> categories)
    {
        ArgumentNullException.ThrowIfNull(categories);
        if (categories.Count == 0) throw new TrainingDataException("The data set has no categories; expected at least one.");
        if (categories.GroupBy(c => c.Id).FirstOrDefault(g => g.Count() > 1) is { } ids)
            throw new TrainingDataException($"The data set has {ids.Count()} categories with the id {ids.Key}: {Names(ids)}; expected an id for each.");
        if (categories.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } names)
            throw new TrainingDataException($"The data set has {names.Count()} categories with the name '{names.Key}' (ids {string.Join(", ", names.Select(c => c.Id))}); expected a name for each.");
        return [.. categories.OrderBy(c => c.Id).Select((category, index) => new LabelledCategory(index + 1, category.Id, category.Name))];
    }

    /// <summary>
    /// The label of each of a data set's category ids: by name, first exactly, then with small and capital letters
    /// alike; if no name is known at all, by id. Each label and each category is taken once. Categories that the model does not know are not in it.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="categories">The data set's categories.</param>
    public static IReadOnlyDictionary<long, int> LabelsOf(ModelConfiguration model, IReadOnlyList<CocoCategory> categories)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(categories);
        // A model without names has labels that are ids.
        IReadOnlyList<LabelledCategory> labels = model.Categories.Count > 0
            ? model.Categories
            : [.. Enumerable.Range(1, model.Classes - 1).Select(label => new LabelledCategory(label, label, ""))];
        CocoCategory[] data = [.. categories.DistinctBy(c => c.Id).OrderBy(c => c.Id)];
        Dictionary<long, int> found = [];
        Match((label, category) => label.Name == category.Name);
        Match((label, category) => string.Equals(label.Name, category.Name, StringComparison.OrdinalIgnoreCase));
        if (found.Count == 0) Match((label, category) => label.Id == category.Id);
        return found;

        void Match(Func<LabelledCategory, CocoCategory, bool> same)
        {
            HashSet<int> taken = [.. found.Values];
            foreach (LabelledCategory label in labels.Where(label => !taken.Contains(label.Label)))
            {
                if (data.FirstOrDefault(category => same(label, category) && !found.ContainsKey(category.Id)) is { } match) found.Add(match.Id, label.Label);
            }
        }
    }

    private static string Names(IEnumerable<CocoCategory> categories) => string.Join(", ", categories.Select(c => $"'{c.Name}'"));
}
