using System.Buffers;

namespace MaskRcnn.Coco.Json;

/// <content>The window on the file: which bytes stay, which leave with a batch.</content>
internal sealed partial class JsonSections
{
    private const int BatchBytes = 1 << 18;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(2 * BatchBytes);
    private int _length;         // bytes in the buffer
    private int _position;       // the next byte to look at
    private int _valueStart = -1; // the value being read, which must stay in the buffer; -1 between values
    private long _offset;        // file offset of the buffer's first byte
    private bool _ended;
    private JsonBatch? _batch;   // elements cut from the current buffer
    private JsonBatch? _ready;   // a batch that has left with its buffer

    /// <summary>Reads more bytes; the bytes before the current value may leave the buffer.</summary>
    private bool Fill()
    {
        if (_ended) return false;
        if (_length == _buffer.Length)
        {
            if (_batch is not null) Detach();
            else if (Keep > 0) Move(_buffer);
            else Grow();
        }
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

    /// <summary>The elements that were cut before an error stopped <see cref="Read"/>; null if all are out.</summary>
    public JsonBatch? Rest() => _ready ?? _batch;

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
}
