using System.Text;
using System.Text.Json;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Formats;

/// <summary>Tells what kind of data set lies at a path.</summary>
internal static class DatasetKindDetector
{
    private const string Kinds = "a COCO JSON, results or panoptic file, or a folder of YOLO text files or of PNG or TIFF label maps";

    /// <summary>Detects the kind; of a JSON file only the first bytes and annotations are looked at.</summary>
    /// <exception cref="DatasetContentException">There is nothing at the path, or nothing known.</exception>
    /// <exception cref="CocoFormatException">A file is not JSON.</exception>
    public static DatasetKind Detect(string path)
    {
        if (Directory.Exists(path)) return OfFolder(path);
        if (!File.Exists(path)) throw new DatasetContentException(path, "no such file or folder", Kinds);
        return IsJsonFile(path) ? OfJson(path) : throw new DatasetContentException(path, "a file that is not JSON", Kinds);
    }

    private static DatasetKind OfFolder(string folder)
    {
        bool text = false, image = false;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            text |= Path.GetExtension(file).Equals(".txt", StringComparison.OrdinalIgnoreCase);
            image |= LabelMap.LabelMapReader.IsLabelMap(file);
        }
        // YOLO folders often hold the images beside the texts.
        if (text) return DatasetKind.Yolo;
        if (image) return DatasetKind.LabelMap;
        throw new DatasetContentException(folder, "a folder without .txt, .png, .tif or .tiff files", Kinds);
    }

    private static bool IsJsonFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (!stream.CanSeek) throw new DatasetContentException(path, "a pipe, whose kind cannot be looked up before it is read", "--from KIND");
        var start = new byte[4096];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        string text = Encoding.UTF8.GetString(start, 0, read).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return text.StartsWith('{') || text.StartsWith('[');
    }

    private static DatasetKind OfJson(string path)
    {
        JsonSource source = JsonSource.File(path);
        using FileStream stream = File.OpenRead(path);
        foreach (JsonBatch batch in new JsonSections(source, stream).Read())
        {
            try
            {
                if (batch.Section.Length == 0) return DatasetKind.Results;
                if (batch.Section == "annotations") return HasSegments(batch.Element(0)) ? DatasetKind.Panoptic : DatasetKind.Coco;
            }
            finally
            {
                batch.Return();
            }
        }
        return stream.Position > 0 && FirstByte(path) == '[' ? DatasetKind.Results : DatasetKind.Coco;
    }

    private static char FirstByte(string path)
    {
        using var text = new StreamReader(path);
        int c;
        while ((c = text.Read()) >= 0 && char.IsWhiteSpace((char)c))
        {
        }
        return (char)c;
    }

    private static bool HasSegments(ReadOnlySpan<byte> annotation)
    {
        var json = new Utf8JsonReader(annotation);
        try
        {
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("segments_info"u8)) return true;
                json.SkipValue();
            }
        }
        catch (JsonException)
        {
            // The reader of the kind found will name the place.
        }
        return false;
    }
}
