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
internal sealed class JsonSections(JsonSource source, Stream stream)
{
    private const int BatchBytes = 1 << 18;

    private static readonly SearchValues<byte> Structural = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> ScalarEnd = SearchValues.Create(",]} \t\r\n"u8);
    private static readonly HashSet<string> Streamed = ["images", "annotations", "categories"];

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(2 * BatchBytes);
    private int _length;         // bytes in the buffer
    private int _position;       // the next byte to look at
    private int _valueStart = -1; // the value being read, which must stay in the buffer; -1 between values
    private long _offset;        // file offset of the buffer's first byte
    private bool _ended;
    private JsonBatch? _batch;   // elements cut from the current buffer
    private JsonBatch? _ready;   // a batch that has left with its buffer

    /// <summary>The file's elements, in batches, in order.</summary>
    /// <exception cref="CocoFormatException">The file is not JSON of the expected shape.</exception>
    public IEnumerable<JsonBatch> Read()
    {
        SkipByteOrderMark();
        switch (NextToken("a JSON object or array"))
        {
            case (byte)'[':
                foreach (JsonBatch batch in Elements("")) yield return batch;
                break;
            case (byte)'{':
                foreach (JsonBatch batch in Members()) yield return batch;
                break;
            default:
                throw Unexpected(_position - 1, "a JSON object or array");
        }
        if (!SkipWhitespace()) yield break;
        throw Unexpected(_position, "the end of the file");
    }

    private IEnumerable<JsonBatch> Members()
    {
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
            string name = PropertyName();
            if (NextToken("':'") != ':') throw Unexpected(_position - 1, "':'");
            if (NextToken("a value") == '[' && Streamed.Contains(name))
            {
                foreach (JsonBatch batch in Elements(name)) yield return batch;
                continue;
            }
            Value(name);
            Detach();
            yield return Take();
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
            if (_position >= BatchBytes) Detach();
            if (_ready is not null) yield return Take();
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

    /// <summary>Reads more bytes; the bytes before the current value may leave the buffer.</summary>
    private bool Fill()
    {
        if (_ended) return false;
        if (_batch is not null) Detach();
        else if (Keep > 0) Move(_buffer);
        else if (_length == _buffer.Length) Grow();
        int read = stream.Read(_buffer, _length, _buffer.Length - _length);
        _length += read;
        _ended = read == 0;
        return !_ended;
    }

    private int Keep => _valueStart >= 0 ? _valueStart : _position;

    /// <summary>The batch leaves with its buffer; what follows it moves to a new one.</summary>
    private void Detach()
    {
        if (_batch is null) return;
        _ready = _batch;
        _batch = null;
        Move(ArrayPool<byte>.Shared.Rent(Math.Max(2 * BatchBytes, 2 * (_length - Keep))));
    }

    private JsonBatch Take()
    {
        JsonBatch batch = _ready!;
        _ready = null;
        return batch;
    }

    private void Move(byte[] target)
    {
        int keep = Keep;
        Buffer.BlockCopy(_buffer, keep, target, 0, _length - keep);
        _buffer = target;
        _length -= keep;
        _position -= keep;
        _offset += keep;
        if (_valueStart >= 0) _valueStart = 0;
    }

    private void Grow()
    {
        if (_buffer.Length > Array.MaxLength / 2) throw source.Error(_offset, null, "a value of over 1 GB", "COCO data");
        byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Buffer.BlockCopy(_buffer, 0, larger, 0, _length);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
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
