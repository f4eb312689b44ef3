using System.Globalization;
using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Coco.Formats.Yolo;

/// <summary>
/// Reads the class names of <c>classes.txt</c> (one a line) or of <c>data.yaml</c>'s <c>names</c>: a list in
/// brackets, a list of dashes, or numbers with names. Other YAML is refused rather than guessed at.
/// </summary>
internal static class YoloNames
{
    private const string Expected = "\"names\" as [a, b], as lines \"- a\", or as lines \"0: a\"";

    /// <exception cref="DatasetContentException">The file does not have names as described.</exception>
    public static IReadOnlyList<CocoCategory> Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        if (!path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
            return [.. CategoriesFile.FromNames(path, lines)];
        int start = Array.FindIndex(lines, line => line.StartsWith("names:", StringComparison.Ordinal));
        if (start < 0) throw new DatasetContentException(path, "no \"names\"", Expected);
        string inline = WithoutComment(lines[start]["names:".Length..]);
        List<string> entries = inline.Length > 0 ? Bracketed(path, inline, lines, start) : Block(lines, start);
        return [.. CategoriesFile.FromNames(path, entries.Select((entry, i) => Name(path, entry, i)))];
    }

    private static List<string> Bracketed(string path, string inline, string[] lines, int start)
    {
        string text = string.Concat([inline, .. lines.Skip(start + 1).Select(line => " " + WithoutComment(line))]);
        char close = text[0] switch
        {
            '[' => ']',
            '{' => '}',
            _ => throw new DatasetContentException(path, $"\"names\" is {inline}", Expected),
        };
        var entries = new List<string>();
        int from = 1;
        char quote = '\0';
        for (int i = 1; i < text.Length; i++)
        {
            char c = text[i];
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == ',' || c == close)
            {
                string entry = text[from..i].Trim();
                if (entry.Length > 0) entries.Add(entry);
                from = i + 1;
                if (c == close) return entries;
            }
        }
        throw new DatasetContentException(path, $"\"names\" without '{close}'", Expected);
    }

    private static List<string> Block(string[] lines, int start)
    {
        var entries = new List<string>();
        foreach (string line in lines.Skip(start + 1))
        {
            string entry = WithoutComment(line);
            if (entry.Length == 0) continue;
            if (!char.IsWhiteSpace(line[0]) && line[0] != '-') break;
            entries.Add(entry.StartsWith("- ", StringComparison.Ordinal) ? entry[2..].Trim() : entry);
        }
        return entries;
    }

    /// <summary>The name of an entry, with or without its number, which must be its place.</summary>
    private static string Name(string path, string entry, int index)
    {
        int colon = entry.IndexOf(':');
        if (entry[0] is not ('\'' or '"') && colon > 0 && int.TryParse(
            entry.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            if (number != index)
                throw new DatasetContentException(
                    path, $"class {number} at place {index} of \"names\"", "classes numbered 0, 1, … in order");
            entry = entry[(colon + 1)..].Trim();
        }
        return entry.Length >= 2 && entry[0] is '\'' or '"' && entry[^1] == entry[0] ? entry[1..^1] : entry;
    }

    private static string WithoutComment(string line)
    {
        int comment = line.StartsWith('#') ? 0 : line.IndexOf(" #", StringComparison.Ordinal);
        return (comment < 0 ? line : line[..comment]).Trim();
    }
}
