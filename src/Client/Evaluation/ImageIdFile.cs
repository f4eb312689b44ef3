using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;

namespace MaskRcnn.Client.Evaluation;

/// <summary>A file of image ids: a JSON array, or one id a line.</summary>
internal static class ImageIdFile
{
    public static long[] Read(string path)
    {
        string text = File.ReadAllText(path);
        long[] ids = text.AsSpan().TrimStart().StartsWith("[") ? FromJson(path, text) : FromLines(path, text);
        return ids.Length > 0 ? ids : throw CommandException.Usage($"--image-ids: {path} holds no ids; expected at least one.");
    }

    private static long[] FromJson(string path, string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(id => id.TryGetInt64(out long value) ? value : throw Invalid(path, id.GetRawText()))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw CommandException.Usage($"--image-ids: {path} is not a JSON array of whole numbers. {exception.Message}");
        }
    }

    private static long[] FromLines(string path, string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line =>
            long.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id) ? id : throw Invalid(path, line))];

    private static CommandException Invalid(string path, string found) => CommandException.Usage($"--image-ids: {path} holds '{found}'; expected a whole number.");
}
