using System.Buffers.Binary;
using System.IO.Hashing;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>Writes the blocks of a part as they come, and at last the footer.</summary>
internal sealed class PartStreamWriter(Stream stream, EvaluationParameters parameters, IReadOnlyList<long> categories)
{
    private const int FlushBytes = 1 << 16;

    private readonly List<ClassBlock> _classes = [];
    private readonly XxHash3 _hash = new();
    private long _offset;
    private long _blockStart;

    /// <summary>What is written next; flushed from time to time.</summary>
    public ByteWriter Block { get; } = new();

    /// <summary>Appends a record to the class's block.</summary>
    public void WriteRecord(double score, int image, int rank, ReadOnlySpan<byte> outcomes)
    {
        Span<byte> record = Block.Reserve(8 + 5 + 5 + outcomes.Length);
        BinaryPrimitives.WriteDoubleLittleEndian(record, score);
        int length = 8;
        length += ByteWriter.Varint(record[length..], (uint)image);
        length += ByteWriter.Varint(record[length..], (uint)rank);
        outcomes.CopyTo(record[length..]);
        Block.Advance(length + outcomes.Length);
        FlushIfLarge();
    }

    public void FlushIfLarge()
    {
        if (Block.Length >= FlushBytes) Flush();
    }

    /// <summary>Ends the block of the next class.</summary>
    public void EndClass(long[] objectCounts, long records)
    {
        (long offset, long length, ulong hash) = EndBlock();
        _classes.Add(new ClassBlock(objectCounts, records, offset, length, hash));
    }

    /// <summary>Ends the instance block and writes the footer.</summary>
    public void End(IReadOnlyList<long> imageIds)
    {
        (_, long instanceLength, ulong instanceHash) = EndBlock();
        Block.Varint(PartFormat.Version);
        PartFormat.WriteParameters(Block, parameters);
        WriteIds(categories);
        WriteIds(imageIds);
        foreach (ClassBlock block in _classes)
        {
            foreach (long count in block.ObjectCounts) Block.Varint((ulong)count);
            Block.Varint((ulong)block.Records);
            Block.Varint((ulong)block.Length);
            Block.UInt64(block.Hash);
        }
        Block.Varint((ulong)instanceLength);
        Block.UInt64(instanceHash);
        (_, long length, ulong hash) = EndBlock();
        Block.UInt64((ulong)length);
        Block.UInt64(hash);
        Block.Bytes(PartFormat.Magic);
        Flush();
    }

    private void WriteIds(IReadOnlyList<long> ids)
    {
        Block.Varint((ulong)ids.Count);
        long previous = 0;
        foreach (long id in ids)
        {
            Block.Signed(unchecked(id - previous));
            previous = id;
        }
    }

    private (long Offset, long Length, ulong Hash) EndBlock()
    {
        Flush();
        (long offset, ulong hash) = (_blockStart, _hash.GetCurrentHashAsUInt64());
        _blockStart = _offset;
        _hash.Reset();
        return (offset, _offset - offset, hash);
    }

    private void Flush()
    {
        stream.Write(Block.Written);
        _hash.Append(Block.Written);
        _offset += Block.Length;
        Block.Clear();
    }
}
