using System.Text.Json;

namespace MaskRcnn.Detection.Weights.Safetensors;

/// <summary>The parsed header.</summary>
internal sealed class SafetensorsHeader
{
    private const int Depth = 4;

    private const string Members = $"{SafetensorsFormat.TypeKey}, {SafetensorsFormat.ShapeKey} and {SafetensorsFormat.OffsetsKey}";

    private readonly string _path;
    private readonly List<SafetensorsEntry> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _metadata;

    private SafetensorsHeader(string path) => _path = path;

    /// <summary>The tensors, in the header's order.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _entries;

    /// <summary>The texts of <c>__metadata__</c>, or null.</summary>
    public IReadOnlyDictionary<string, string>? Metadata => _metadata;

    /// <exception cref="WeightFileException">It is not such a header.</exception>
    public static SafetensorsHeader Parse(byte[] json, string path)
    {
        var header = new SafetensorsHeader(path);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Depth });
            header.ReadAll(ref reader);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Text that is not UTF-8 is the reader's invalid operation.
            throw new WeightFileException(path, $"the safetensors header is not valid JSON: {exception.Message}", exception);
        }
        return header;
    }

    private void ReadAll(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "the file's", "header");
        while (Next(ref reader, "header") == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!_names.Add(name)) throw Error($"'{name}' is there twice; expected each name once");
            if (name == SafetensorsFormat.MetadataKey) _metadata = ReadMetadata(ref reader);
            else _entries.Add(ReadEntry(ref reader, name));
        }
        if (reader.Read()) throw Error("something follows its last bracket");
    }

    private Dictionary<string, string> ReadMetadata(ref Utf8JsonReader reader)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        Expect(ref reader, JsonTokenType.StartObject, "the metadata", SafetensorsFormat.MetadataKey);
        while (Next(ref reader, SafetensorsFormat.MetadataKey) == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, "the metadata", key);
            if (!texts.TryAdd(key, reader.GetString()!)) throw Error($"the metadata '{key}' is there twice");
        }
        return texts;
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        TensorType? type = null;
        long[]? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, "the tensor", name);
        while (Next(ref reader, name) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(SafetensorsFormat.TypeKey))
            {
                CheckOnce(type is not null, name, SafetensorsFormat.TypeKey);
                type = ReadType(ref reader, name);
            }
            else if (reader.ValueTextEquals(SafetensorsFormat.ShapeKey))
            {
                CheckOnce(shape is not null, name, SafetensorsFormat.ShapeKey);
                shape = ReadNumbers(ref reader, name, SafetensorsFormat.ShapeKey);
            }
            else if (reader.ValueTextEquals(SafetensorsFormat.OffsetsKey))
            {
                CheckOnce(offsets is not null, name, SafetensorsFormat.OffsetsKey);
                offsets = ReadNumbers(ref reader, name, SafetensorsFormat.OffsetsKey);
            }
            else
            {
                throw Error($"the tensor '{name}' has a member '{reader.GetString()}'; expected {Members}");
            }
        }
        if (type is null || shape is null || offsets is null) throw Error($"the tensor '{name}' lacks a member; expected {Members}");
        if (offsets is not [>= 0, >= 0] || offsets[1] < offsets[0])
            throw Error($"the tensor '{name}' has the {SafetensorsFormat.OffsetsKey} [{string.Join(", ", offsets)}]; expected a start and an end that is not before it");
        return new SafetensorsEntry(name, type.Value, shape, offsets[0], offsets[1]);
    }

    private void CheckOnce(bool twice, string name, string member)
    {
        if (twice) throw Error($"the tensor '{name}' has its {member} twice");
    }

    private TensorType ReadType(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.String, SafetensorsFormat.TypeKey, name);
        string type = reader.GetString()!;
        return SafetensorsFormat.TypeOf(type)
            ?? throw Error($"the tensor '{name}' has the {SafetensorsFormat.TypeKey} '{type}'; expected F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL");
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string name, string member)
    {
        Span<long> numbers = stackalloc long[TensorTypes.MostDimensions];
        int count = 0;
        Expect(ref reader, JsonTokenType.StartArray, member, name);
        while (Next(ref reader, name) == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out long number)) throw Error($"the {member} of '{name}' has a number that is not whole or beyond 64 bits");
            if (count == numbers.Length) throw Error($"the {member} of '{name}' has more than {numbers.Length} numbers");
            numbers[count++] = number;
        }
        return reader.TokenType == JsonTokenType.EndArray ? numbers[..count].ToArray() : throw Error($"the {member} of '{name}' holds {reader.TokenType}; expected whole numbers");
    }

    private JsonTokenType Next(ref Utf8JsonReader reader, string where) => reader.Read() ? reader.TokenType : throw Error($"it ends inside '{where}'");

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what, string name)
    {
        if (Next(ref reader, name) != type) throw Error($"{what} '{name}' is {reader.TokenType}; expected {type}");
    }

    private WeightFileException Error(string problem) => new(_path, $"safetensors header: {problem}.");
}
