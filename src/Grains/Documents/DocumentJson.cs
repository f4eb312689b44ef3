using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MaskRcnn.Grains.Documents;

/// <summary>How documents are written: camelCase, enums by name, nothing that is null, one line.</summary>
public static class DocumentJson
{
    /// <summary>The options of every document.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>A document's bytes.</summary>
    public static byte[] Write<T>(T document) => JsonSerializer.SerializeToUtf8Bytes(document, Options);

    /// <summary>A document from its bytes.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DocumentException">The bytes are not such a document.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string name) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new DocumentException(name, "it is 'null'");
        }
        catch (JsonException exception)
        {
            throw new DocumentException(name, exception.Message, exception);
        }
    }
}

/// <summary>A document that cannot be read. The message names it.</summary>
public sealed class DocumentException(string name, string reason, Exception? innerException = null)
    : Exception($"{name} is not as it was written: {reason}", innerException)
{
    /// <summary>The document.</summary>
    public string Name { get; } = name;
}
