using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using MaskRcnn.Coco.Evaluation.Matching;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>Streams the records of one class of one part, with images numbered as in the merged whole.</summary>
internal sealed class RecordReader
{
    private readonly EvaluationPart _part;
    private readonly ClassBlock _block;
    private readonly int[] _imageNumbers;
    private readonly OutcomeCodec _codec;
    private readonly int _maxRecordBytes;
    private readonly int _bufferBytes;
    private readonly XxHash3 _hash = new();
    private readonly Outcome[] _outcomes;
    private byte[] _buffer;
    private int _position;
    private int _filled;
    private long _unread;
    private long _recordsLeft;
    private int _outcomeStart;
    private int _image;

    /// <param name="part">The part.</param>
    /// <param name="index">Index of the class.</param>
    /// <param name="imageNumbers">For each of the part's images its number in the whole.</param>
    /// <param name="bufferBytes">How much to read at a time.</param>
    public RecordReader(EvaluationPart part, int index, int[] imageNumbers, int bufferBytes)
    {
        _part = part;
        _block = part.Classes[index];
        _imageNumbers = imageNumbers;
        _codec = new OutcomeCodec(part.Parameters);
        _maxRecordBytes = 8 + 5 + 5 + _codec.MaxBytes;
        _bufferBytes = (int)Math.Min(Math.Max(bufferBytes, 2 * _maxRecordBytes), _block.Length);
        // Beyond what is filled there is room for a whole record, so that reading one needs no check at each byte.
        _buffer = ArrayPool<byte>.Shared.Rent(_bufferBytes + _maxRecordBytes);
        _outcomes = new Outcome[part.Parameters.AreaRanges.Length];
        _unread = _block.Length;
        _recordsLeft = _block.Records;
    }

    public double Score { get; private set; }

    /// <summary>The score as <see cref="ScoreOrder"/> orders it.</summary>
    public ulong Key { get; private set; }

    /// <summary>The image's number in the whole. Looked up only when asked for: the table is large, and most records never tie.</summary>
    public int Image => _imageNumbers[_image];

    public int Rank { get; private set; }

    /// <summary>The outcomes of the current record as they are stored.</summary>
    public ReadOnlySpan<byte> OutcomeBytes => _buffer.AsSpan(_outcomeStart, _position - _outcomeStart);

    /// <summary>The outcomes of the current record, one an area range.</summary>
    public ReadOnlySpan<Outcome> Outcomes
    {
        get
        {
            _codec.Read(OutcomeBytes, _outcomes);
            return _outcomes;
        }
    }

    /// <summary>Moves to the next record.</summary>
    /// <exception cref="EvaluationPartException">The block is damaged.</exception>
    public bool Next()
    {
        if (_recordsLeft == 0)
        {
            End();
            return false;
        }
        if (_filled - _position < _maxRecordBytes && _unread > 0) Fill();
        bool first = _recordsLeft-- == _block.Records;
        ulong previous = Key;
        ReadOnlySpan<byte> record = _buffer.AsSpan(_position, _maxRecordBytes);
        Score = BinaryPrimitives.ReadDoubleLittleEndian(record);
        Key = ScoreOrder.Key(Score);
        int next = 8;
        uint image = Varint(record, ref next);
        uint rank = Varint(record, ref next);
        _outcomeStart = _position + next;
        _position = _outcomeStart + _codec.LengthOf(record[next..]);
        if (_position > _filled || image >= (uint)_imageNumbers.Length || rank > int.MaxValue || (Key < previous && !first)) throw _part.Damaged("the records");
        _image = (int)image;
        Rank = (int)rank;
        return true;
    }

    private static uint Varint(ReadOnlySpan<byte> bytes, ref int next)
    {
        uint value = bytes[next++];
        if (value < 0x80) return value;
        value &= 0x7f;
        for (int shift = 7; shift < 35; shift += 7)
        {
            uint more = bytes[next++];
            value |= (more & 0x7f) << shift;
            if (more < 0x80) return value;
        }
        return uint.MaxValue; // too long, and out of range wherever it stands
    }

    private void End()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        if (_unread > 0 || _position < _filled || _hash.GetCurrentHashAsUInt64() != _block.Hash) throw _part.Damaged("the records");
    }

    private void Fill()
    {
        _buffer.AsSpan(_position, _filled - _position).CopyTo(_buffer);
        _filled -= _position;
        _position = 0;
        int count = (int)Math.Min(_bufferBytes - _filled, _unread);
        Span<byte> fresh = _buffer.AsSpan(_filled, count);
        _part.Data.Read(_block.Offset + _block.Length - _unread, fresh);
        _hash.Append(fresh);
        _filled += count;
        _unread -= count;
    }
}
