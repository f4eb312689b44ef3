using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MaskRcnn.Detection.Training.Checkpoints;

namespace MaskRcnn.Client.Train;

/// <summary>How a run began: <c>run.json</c> in its folder. Its settings are in its checkpoints.</summary>
/// <param name="Command">The command line.</param>
/// <param name="Init">The full path of the first weights, or null for none.</param>
/// <param name="Data">The annotations that are trained on, as the user named them, and their SHA-256.</param>
/// <param name="Validation">The annotations that are evaluated on, or null.</param>
internal sealed record RunOrigin(string Command, string? Init, RunOrigin.NamedFile Data, RunOrigin.NamedFile? Validation)
{
    private const string Name = "run.json";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads it; null when it is missing or damaged, and then nothing is compared with it.</summary>
    public static RunOrigin? Read(RunFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<RunOrigin>(File.ReadAllText(folder.In(Name)), Options);
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            return null;
        }
    }

    public void Write(RunFolder folder) => folder.WriteText(Name, JsonSerializer.Serialize(this, Options) + '\n');

    /// <summary>The command line as a shell takes it.</summary>
    public static string CommandOf(IEnumerable<string> words) => words.Aggregate(new StringBuilder("maskrcnn"), (line, word) => line.Append(' ').Append(Quoted(word))).ToString();

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_=+.,:/@%".Contains(c, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A file and its content.</summary>
    /// <param name="Path">Where it is, as the user named it.</param>
    /// <param name="Sha256">Of its bytes.</param>
    internal sealed record NamedFile(string Path, string Sha256)
    {
        public static NamedFile Of(string path)
        {
            using FileStream stream = File.OpenRead(path);
            return new NamedFile(path, Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
    }
}
