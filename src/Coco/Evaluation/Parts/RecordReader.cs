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
    private readonly byte[] _buffer;
    private readonly XxHash3 _hash = new();
    private readonly Outcome[] _outcomes;
    private int _position;
    private int _filled;
    private long _unread;
    private long _recordsLeft;
    private int _outcomeStart;

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
        _buffer = new byte[Math.Min(Math.Max(bufferBytes, 2 * _maxRecordBytes), _block.Length)];
        _outcomes = new Outcome[part.Parameters.AreaRanges.Length];
        _unread = _block.Length;
        _recordsLeft = _block.Records;
    }

    public double Score { get; private set; }

    /// <summary>The score as <see cref="ScoreOrder"/> orders it.</summary>
    public ulong Key { get; private set; }

    /// <summary>The image's number in the whole.</summary>
    public int Image { get; private set; }

    public int Rank { get; private set; }

    /// <summary>The outcomes of the current record, one an area range.</summary>
    public ReadOnlySpan<Outcome> Outcomes => _outcomes;

    /// <summary>The outcomes of the current record as they are stored.</summary>
    public ReadOnlySpan<byte> OutcomeBytes => _buffer.AsSpan(_outcomeStart, _position - _outcomeStart);

    /// <summary>Moves to the next record.</summary>
    /// <exception cref="EvaluationPartException">The block is damaged.</exception>
    public bool Next()
    {
        if (_recordsLeft == 0)
        {
            if (_unread > 0 || _position < _filled || _hash.GetCurrentHashAsUInt64() != _block.Hash) throw _part.Damaged("the records");
            return false;
        }
        if (_filled - _position < _maxRecordBytes && _unread > 0) Fill();
        try
        {
            Decode();
        }
        catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException)
        {
            throw new EvaluationPartException($"{_part.Name}: the records are damaged. {exception.Message} Make the part again.", exception);
        }
        _recordsLeft--;
        return true;
    }

    private void Decode()
    {
        var reader = new ByteReader(_buffer.AsSpan(_position, _filled - _position));
        ulong previous = Key;
        Score = reader.Double();
        Key = ScoreOrder.Key(Score);
        int image = reader.Int32();
        if (image >= _imageNumbers.Length) throw new InvalidDataException($"A record is of image {image} of {_imageNumbers.Length}.");
        if (Key < previous && _recordsLeft < _block.Records) throw new InvalidDataException("Records are not sorted.");
        Image = _imageNumbers[image];
        Rank = reader.Int32();
        _outcomeStart = _position + reader.Position;
        _codec.Read(ref reader, _outcomes);
        _position += reader.Position;
    }

    private void Fill()
    {
        _buffer.AsSpan(_position, _filled - _position).CopyTo(_buffer);
        _filled -= _position;
        _position = 0;
        int count = (int)Math.Min(_buffer.Length - _filled, _unread);
        Span<byte> fresh = _buffer.AsSpan(_filled, count);
        _part.Data.Read(_block.Offset + _block.Length - _unread, fresh);
        _hash.Append(fresh);
        _filled += count;
        _unread -= count;
    }
}
