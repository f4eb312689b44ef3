using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Formats;

/// <summary>Reads categories: a JSON array of COCO categories, a COCO file's, or text with one name a line.</summary>
public static class CategoriesFile
{
    /// <summary>Reads the categories of a file, in its order; names alone have the ids 1, 2, ….</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DatasetContentException">There is no such file, or no category in it, or two with one id.</exception>
    /// <exception cref="CocoFormatException">The JSON is malformed.</exception>
    public static IReadOnlyList<CocoCategory> Read(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) throw new DatasetContentException(path, "no such file", "a file with categories");
        List<CocoCategory> categories = IsJson(path) ? ReadJson(path, cancellationToken) : [.. FromNames(path, File.ReadLines(path))];
        if (categories.Count == 0)
            throw new DatasetContentException(path, "no category", "a JSON array of COCO categories, a COCO file, or one name a line");
        var ids = new HashSet<long>();
        foreach (CocoCategory category in categories)
        {
            if (!ids.Add(category.Id))
                throw new DatasetContentException(path, $"the id {category.Id} is that of two categories", "each category's own id");
        }
        return categories;
    }

    /// <summary>Categories with the ids 1, 2, …; empty lines at the end are no names.</summary>
    /// <exception cref="DatasetContentException">A line is empty.</exception>
    internal static IEnumerable<CocoCategory> FromNames(string path, IEnumerable<string> lines)
    {
        List<string> names = [.. lines.Select(line => line.Trim())];
        while (names.Count > 0 && names[^1].Length == 0) names.RemoveAt(names.Count - 1);
        int empty = names.IndexOf("");
        // An empty line would shift the numbers of all names after it.
        if (empty >= 0) throw new DatasetContentException(path, $"line {empty + 1} is empty", "one category name a line");
        return names.Select((name, i) => new CocoCategory { Id = i + 1, Name = name });
    }

    private static bool IsJson(string path)
    {
        using var text = new StreamReader(path);
        int c;
        while ((c = text.Read()) >= 0 && char.IsWhiteSpace((char)c))
        {
        }
        return c is '[' or '{';
    }

    private static List<CocoCategory> ReadJson(string path, CancellationToken cancellationToken)
    {
        JsonSource source = JsonSource.File(path);
        return [.. source.Parse(
            batch => batch.Section is "" or "categories" ? CocoReader.ParseElements(source, batch, CategoryParser.Parse) : [],
            cancellationToken).SelectMany(c => c)];
    }
}
