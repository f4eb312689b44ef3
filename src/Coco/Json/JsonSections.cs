using System.Buffers;
using System.Text.Json;

namespace MaskRcnn.Coco.Json;

/// <summary>
/// Cuts a COCO file into the elements of its arrays without holding its text: only brackets and strings are looked
/// at here, at the speed of memory; each element is then parsed strictly, elsewhere and in parallel.
/// </summary>
/// <remarks>
/// The file is one object, whose arrays <c>images</c>, <c>annotations</c> and <c>categories</c> come out by element
/// and whose other values come out whole, or one array, whose elements come out under the name "".
/// The buffer grows only to hold an element that was really read, so no header can ask for memory.
/// </remarks>
internal sealed partial class JsonSections(JsonSource source, Stream stream, JsonRoot? root = null)
{
    private static readonly SearchValues<byte> Structural = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> ScalarEnd = SearchValues.Create(",]} \t\r\n"u8);
    private static readonly HashSet<string> Streamed = ["images", "annotations", "categories"];

    /// <summary>The file's elements, in batches, in order.</summary>
    /// <exception cref="CocoFormatException">The file is not JSON of the expected shape.</exception>
    public IEnumerable<JsonBatch> Read()
    {
        string expected = root switch
        {
            JsonRoot.Object => "'{': an object with \"images\", \"annotations\" and \"categories\"",
            JsonRoot.Array => "'[': an array of results",
            _ => "a JSON object or array",
        };
        SkipByteOrderMark();
        switch (NextToken(expected))
        {
            case (byte)'[' when root is not JsonRoot.Object:
                foreach (JsonBatch batch in Elements("")) yield return batch;
                break;
            case (byte)'{' when root is not JsonRoot.Array:
                foreach (JsonBatch batch in Members()) yield return batch;
                break;
            default:
                throw Unexpected(_position - 1, expected);
        }
        if (!SkipWhitespace()) yield break;
        throw Unexpected(_position, "the end of the file");
    }

    private IEnumerable<JsonBatch> Members()
    {
        var seen = new HashSet<string>();
        for (bool first = true; ; first = false)
        {
            byte token = NextToken("'}'");
            if (token == '}') yield break;
            if (!first)
            {
                if (token != ',') throw Unexpected(_position - 1, "',' or '}'");
                token = NextToken("a property name");
            }
            if (token != '"') throw Unexpected(_position - 1, "a property name");
            long start = _offset + _position - 1;
            string name = PropertyName();
            if (NextToken("':'") != ':') throw Unexpected(_position - 1, "':'");
            byte value = NextToken("a value");
            if (!Streamed.Contains(name))
            {
                yield return Whole(name);
                continue;
            }
            if (value != '[') throw Unexpected(_position - 1, $"'[': \"{name}\" is a list");
            if (!seen.Add(name)) throw source.Error(start, null, $"a second \"{name}\"", "one");
            foreach (JsonBatch batch in Elements(name)) yield return batch;
        }
    }

    private IEnumerable<JsonBatch> Elements(string section)
    {
        string expected = section.Length == 0 ? "an object (the file is an array of results)" : $"an object in \"{section}\"";
        for (bool first = true; ; first = false)
        {
            byte token = NextToken("']'");
            if (token == ']') break;
            if (!first)
            {
                if (token != ',') throw Unexpected(_position - 1, "',' or ']'");
                token = NextToken(expected);
            }
            if (token != '{') throw Unexpected(_position - 1, expected);
            Value(section);
            // Reading the value may have sent earlier elements off already; they come first.
            if (_ready is not null) yield return Take();
            if (_position < BatchBytes) continue;
            Detach();
            yield return Take();
        }
        Detach();
        if (_ready is not null) yield return Take();
    }

    private string PropertyName()
    {
        ReadValue();
        try
        {
            return JsonSerializer.Deserialize<string>(_buffer.AsSpan(_valueStart, _position - _valueStart))!;
        }
        catch (JsonException)
        {
            throw Unexpected(_valueStart, "a property name");
        }
        finally
        {
            _valueStart = -1;
        }
    }

    /// <summary>
    /// Reads the value whose first byte was just taken into a batch and a buffer of its own: a file may have very
    /// many small members.
    /// </summary>
    private JsonBatch Whole(string name)
    {
        ReadValue();
        int length = _position - _valueStart;
        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        Buffer.BlockCopy(_buffer, _valueStart, copy, 0, length);
        var batch = new JsonBatch(name, copy, _offset + _valueStart);
        batch.Add(0, length);
        _valueStart = -1;
        return batch;
    }

    /// <summary>Reads the value whose first byte was just taken, and adds it to the batch.</summary>
    private void Value(string section)
    {
        ReadValue();
        _batch ??= new JsonBatch(section, _buffer, _offset);
        _batch.Add(_valueStart, _position - _valueStart);
        _valueStart = -1;
    }

    /// <summary>Moves past the value whose first byte was just taken; <see cref="_valueStart"/> is its start.</summary>
    private void ReadValue()
    {
        _valueStart = _position - 1;
        byte first = _buffer[_valueStart];
        int depth = first is (byte)'{' or (byte)'[' ? 1 : 0;
        bool inString = first == '"';
        if (depth == 0 && !inString)
        {
            int end;
            while ((end = _buffer.AsSpan(_position, _length - _position).IndexOfAny(ScalarEnd)) < 0)
            {
                _position = _length;
                if (!Fill()) return;
            }
            _position += end;
            return;
        }
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_position, _length - _position);
            int next = inString ? rest.IndexOfAny((byte)'"', (byte)'\\') : rest.IndexOfAny(Structural);
            // An escape needs its second byte in the buffer too.
            if (next < 0 || (rest[next] == '\\' && next + 1 == rest.Length))
            {
                _position = next < 0 ? _length : _position + next;
                if (!Fill()) throw Truncated(inString ? "'\"'" : "'}' or ']'");
                continue;
            }
            _position += next + 1;
            switch (rest[next])
            {
                case (byte)'\\':
                    _position++;
                    continue;
                case (byte)'"':
                    inString = !inString;
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }
            if (depth <= 0 && !inString) return;
        }
    }

    private byte NextToken(string expected) => SkipWhitespace() ? _buffer[_position++] : throw Truncated(expected);

    /// <summary>Whether there is anything but white space.</summary>
    private bool SkipWhitespace()
    {
        while (true)
        {
            while (_position < _length && _buffer[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') _position++;
            if (_position < _length) return true;
            if (!Fill()) return false;
        }
    }

    private void SkipByteOrderMark()
    {
        while (_length < 3 && Fill())
        {
        }
        if (_buffer.AsSpan(0, _length).StartsWith("\uFEFF"u8)) _position = 3;
    }

    private CocoFormatException Unexpected(int position, string expected)
    {
        byte found = _buffer[position];
        string text = found is > 32 and < 127 ? $"'{(char)found}'" : $"byte {found}";
        return source.Error(_offset + position, null, text, expected);
    }

    private CocoFormatException Truncated(string expected) =>
        source.Error(_offset + _position, null, _offset + _length == 0 ? "an empty file" : "the end of the file", expected);
}
