using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Client.Model;

/// <summary>Which of a data set's categories each label of a model stands for.</summary>
internal static class LabelCategories
{
    /// <summary>
    /// The label is the category's id where every id is a label of the model, as in torchvision; otherwise, with as many
    /// categories as labels, they are in order of id.
    /// </summary>
    /// <param name="path">The categories' file, for errors.</param>
    /// <param name="categories">The categories.</param>
    /// <param name="classes">The model's classes with the background.</param>
    /// <exception cref="CommandException">The categories are not those of so many classes.</exception>
    public static IReadOnlyList<LabelledCategory> Of(string path, IReadOnlyList<CocoCategory> categories, int classes)
    {
        CocoCategory[] ordered = [.. categories.OrderBy(c => c.Id)];
        if (ordered.All(c => c.Id >= 1 && c.Id < classes)) return [.. ordered.Select(c => new LabelledCategory((int)c.Id, c.Id, c.Name))];
        if (ordered.Length == classes - 1) return [.. ordered.Select((c, i) => new LabelledCategory(i + 1, c.Id, c.Name))];
        throw new CommandException(
            ExitCode.Error, "invalid_file",
            $"{path}: {ordered.Length} categories with ids up to {ordered[^1].Id}; the model has the labels 1 to {classes - 1}: expected ids among those, or {classes - 1} categories.")
        {
            Details = new Dictionary<string, object> { ["file"] = path },
        };
    }
}
