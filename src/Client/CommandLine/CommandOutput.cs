using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace MaskRcnn.Client.CommandLine;

/// <summary>
/// Where a command writes: its result to stdout, as text or as one JSON document, everything else to stderr.
/// </summary>
internal sealed class CommandOutput(TextWriter output, TextWriter error, bool json)
{
    private const int WidthWithoutTerminal = 200;

    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the result is to be one JSON document.</summary>
    public bool Json { get; } = json;

    /// <summary>stdout, for the text form of a result.</summary>
    public TextWriter Out { get; } = output;

    /// <summary>stderr.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>Tables and colours on stdout; without colours where NO_COLOR is set or stdout is no terminal.</summary>
    public IAnsiConsole Console => field ??= NewConsole();

    private IAnsiConsole NewConsole()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Out) });
        // A file or a pipe has no width to keep to.
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = WidthWithoutTerminal;
        return console;
    }

    public void Warn(string message) => Error.WriteLine($"warning: {message}");

    /// <summary>Writes the result as JSON: one object, to which the schema number is added.</summary>
    /// <param name="members">Writes the members.</param>
    public void WriteJson(Action<Utf8JsonWriter> members)
    {
        // Whole in memory first, so that a failure cannot leave half a document on stdout.
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schema", 1);
            members(writer);
            writer.WriteEndObject();
        }
        Out.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
        Out.Flush();
    }

    /// <summary>Writes an error, as a document or as text.</summary>
    public void WriteError(CommandException exception)
    {
        if (!Json)
        {
            Error.WriteLine($"error: {exception.Message}");
            return;
        }
        try
        {
            WriteErrorDocument(exception);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // stdout itself is what failed.
            Error.WriteLine($"error: {exception.Message}");
        }
    }

    private void WriteErrorDocument(CommandException exception)
    {
        WriteJson(writer =>
        {
            writer.WriteStartObject("error");
            writer.WriteString("code", exception.Code);
            writer.WriteString("message", exception.Message);
            writer.WriteStartObject("details");
            foreach ((string name, object value) in exception.Details)
            {
                WriteDetail(writer, name, value);
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private static void WriteDetail(Utf8JsonWriter writer, string name, object value)
    {
        switch (value)
        {
            case long or int:
                writer.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case IEnumerable<long> numbers:
                writer.WriteStartArray(name);
                foreach (long number in numbers) writer.WriteNumberValue(number);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteString(name, value.ToString());
                break;
        }
    }
}
