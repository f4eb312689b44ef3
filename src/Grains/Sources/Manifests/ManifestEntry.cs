using System.Text.Json;

namespace MaskRcnn.Grains.Sources.Manifests;

/// <summary>A line such as <c>{"image":"a/b.png","id":7}</c>. Members that are not known say nothing.</summary>
internal static class ManifestEntry
{
    private const string Expected = "expected an object such as {\"image\":\"a/b.png\",\"id\":7}";

    /// <summary>Reads a line.</summary>
    /// <exception cref="SourceException">It is none.</exception>
    public static NamedImage Parse(string file, long number, ReadOnlySpan<byte> line)
    {
        string? name = null;
        long? id = null;
        var json = new Utf8JsonReader(line);
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw Fault("it is no JSON object");
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                bool isImage = json.ValueTextEquals("image"u8), isId = json.ValueTextEquals("id"u8);
                json.Read();
                if (isImage)
                {
                    if (json.TokenType != JsonTokenType.String) throw Fault("\"image\" is no text");
                    if (name is not null) throw Fault("it has two \"image\"");
                    name = json.GetString();
                }
                else if (isId)
                {
                    if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long value)) throw Fault("\"id\" is no whole number");
                    if (id is not null) throw Fault("it has two \"id\"");
                    id = value;
                }
                else
                {
                    json.Skip();
                }
            }
            if (json.Read()) throw Fault("there is something after the object");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Fault("it is no JSON");
        }
        return name is { Length: > 0 } ? new NamedImage(ImageName.Normal(name), number, id) : throw Fault("it has no \"image\"");

        SourceException Fault(string fault) => new(file, number, $"{fault}; {Expected}.");
    }
}
