using System.Text.Encodings.Web;
using System.Text.Json;

namespace MaskRcnn.Client.Connection;

/// <summary>The small files by which clients find a cluster: there whole or not at all.</summary>
internal static class ConnectionJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>The document, or null when there is no file.</returns>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    public static T? TryRead<T>(string path) where T : class
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, Options) ?? throw new InvalidDataException($"{path} is 'null'; expected what 'maskrcnn up' writes.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is not what 'maskrcnn up' writes: {exception.Message}", exception);
        }
    }

    public static void Write<T>(string path, T document)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(document, Options));
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
