using System.Globalization;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Listing;

/// <summary>Which category of the ground truth each label of the model is.</summary>
/// <param name="Categories">One for each label but the background, by ascending label.</param>
/// <param name="Evaluated">The ground truth's categories, ascending by id; empty without a ground truth.</param>
/// <param name="Notes">What a user should know of it, a sentence each.</param>
public sealed record CategoryMatching(IReadOnlyList<CategoryDocument> Categories, IReadOnlyList<CategoryDocument> Evaluated, IReadOnlyList<string> Notes)
{
    private const int NamesInANote = 20;

    /// <summary>
    /// Matches by name, first exactly, then with small and capital letters alike; a category is taken once, by the first label. If no name
    /// matches at all, ids are compared. Labels without a match get ids above all of the ground truth's: what they find is written, and
    /// not evaluated.
    /// </summary>
    /// <param name="model">The model's configuration.</param>
    /// <param name="groundTruth">The ground truth's categories; null without one.</param>
    /// <exception cref="ArgumentException">The ground truth leaves no ids above its own.</exception>
    public static CategoryMatching Of(ModelConfiguration model, IReadOnlyList<CocoCategory>? groundTruth)
    {
        ArgumentNullException.ThrowIfNull(model);
        CategoryDocument[] labels = [.. Enumerable.Range(1, model.Classes - 1).Select(label => Label(model, label))];
        if (groundTruth is null) return new CategoryMatching(labels, [], []);

        List<string> notes = [];
        CocoCategory[] truth = [.. groundTruth.DistinctBy(c => c.Id).OrderBy(c => c.Id)];
        Dictionary<int, CocoCategory> matches = [];
        Match(matches, labels, truth, (label, category) => label.Name == category.Name);
        Match(matches, labels, truth, (label, category) => string.Equals(label.Name, category.Name, StringComparison.OrdinalIgnoreCase));
        if (matches.Count == 0)
        {
            Match(matches, labels, truth, (label, category) => label.Id == category.Id);
            if (matches.Count > 0) notes.Add(Text($"No category of the model has a name of the annotations (such as '{labels[0].Name}' and '{truth[0].Name}'): {matches.Count} of {labels.Length} are matched by id."));
        }
        CategoryDocument[] unmatched = [.. labels.Where(label => !matches.ContainsKey(label.Label))];
        if (unmatched.Length > 0)
        {
            string names = string.Join(", ", unmatched.Take(NamesInANote).Select(label => $"'{label.Name}'")) + (unmatched.Length > NamesInANote ? Text($" and {unmatched.Length - NamesInANote} more") : "");
            notes.Add(Text($"{unmatched.Length} of the model's {labels.Length} categories are not in the annotations and are not evaluated: {names}."));
        }
        CocoCategory[] notFound = [.. truth.Where(category => !matches.ContainsValue(category))];
        if (notFound.Length > 0) notes.Add(Text($"{notFound.Length} of the annotations' {truth.Length} categories are none of the model's, such as '{notFound[0].Name}': it finds none of their objects."));

        long next = truth.Length > 0 ? truth[^1].Id : 0;
        if (next > long.MaxValue - labels.Length) throw new ArgumentException(Text($"The largest category id of the annotations is {next}; expected at most {long.MaxValue - labels.Length}."), nameof(groundTruth));
        return new CategoryMatching(
            [.. labels.Select(label => matches.TryGetValue(label.Label, out CocoCategory? category) ? new CategoryDocument(label.Label, category.Id, category.Name) : label with { Id = ++next })],
            [.. truth.Select(category => new CategoryDocument(0, category.Id, category.Name))],
            notes);
    }

    private static void Match(Dictionary<int, CocoCategory> matches, CategoryDocument[] labels, CocoCategory[] truth, Func<CategoryDocument, CocoCategory, bool> same)
    {
        foreach (CategoryDocument label in labels.Where(label => !matches.ContainsKey(label.Label)))
        {
            if (truth.FirstOrDefault(category => same(label, category) && !matches.ContainsValue(category)) is { } found) matches.Add(label.Label, found);
        }
    }

    private static CategoryDocument Label(ModelConfiguration model, int label) =>
        model.Categories.FirstOrDefault(category => category.Label == label) is { } known
            ? new CategoryDocument(label, known.Id, known.Name)
            : new CategoryDocument(label, label, Text($"label {label}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
