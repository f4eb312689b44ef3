using System.Security.Cryptography;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>Reads parts in the order of their shards, some blocks ahead, and checks that they are what the records name.</summary>
internal sealed class PartReader(ReductionRequest request, OrderedWork work, long totalBytes, CancellationToken cancellation) : IDisposable
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockSize = 1 << 20;

    private const int BlocksAhead = 16;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bytesPassed;

    /// <summary>The parts of one kind as blocks, one after the other. A part's last block comes only if all of it is right.</summary>
    /// <exception cref="ReductionException">A part is missing, changed or damaged.</exception>
    public IEnumerable<PartBlock> Blocks(IEnumerable<Leaf> leaves, PartKind kind)
    {
        foreach ((Block block, byte[] data) in work.Select(Cut(leaves, kind), (block, token) => (block, Read(block, token)), BlocksAhead, cancellation))
        {
            if (block.Offset == 0) _hash.GetHashAndReset();
            _hash.AppendData(data);
            bool last = block.Offset + block.Length == block.Part.Size;
            if (last && !_hash.GetHashAndReset().AsSpan().SequenceEqual(block.Part.Sha256))
                throw new ReductionException($"{Name(block)} is damaged: its SHA-256 is not the one in the shard's commit record. Restore the blob, or run the job again.");
            Passed(data.Length);
            yield return new PartBlock(block.Leaf, block.Part, block.Offset, data, last);
        }
    }

    /// <summary>The parts of one kind, each whole in memory.</summary>
    public IEnumerable<(Leaf Leaf, byte[] Data)> Whole(IEnumerable<Leaf> leaves, PartKind kind)
    {
        byte[] whole = [];
        foreach (PartBlock block in Blocks(leaves, kind))
        {
            if (block.Offset == 0) whole = block.IsLast ? block.Data : new byte[block.Part.Size];
            if (!ReferenceEquals(whole, block.Data)) block.Data.CopyTo(whole, block.Offset);
            if (block.IsLast) yield return (block.Leaf, whole);
        }
    }

    /// <summary>Bytes of parts are done with.</summary>
    public void Passed(long bytes)
    {
        if (bytes == 0) return;
        _bytesPassed += bytes;
        request.Progress?.Invoke(new ReductionProgress(_bytesPassed, totalBytes));
    }

    public void Dispose() => _hash.Dispose();

    private static IEnumerable<Block> Cut(IEnumerable<Leaf> leaves, PartKind kind)
    {
        foreach (Leaf leaf in leaves)
        {
            if (leaf.Find(kind) is not { } part) continue;
            for (long offset = 0; offset < part.Size; offset += BlockSize)
                yield return new Block(leaf, part, offset, (int)Math.Min(BlockSize, part.Size - offset));
        }
    }

    private byte[] Read(Block block, CancellationToken token)
    {
        string name = block.Leaf.Blob(block.Part);
        byte[] data;
        try
        {
            var options = new BlobReadOptions { Offset = block.Offset, Length = block.Length, IfMatch = block.Part.ETag };
            data = request.Store.ReadAsync(name, options, token).GetAwaiter().GetResult().Data;
        }
        catch (Exception exception) when (exception is BlobNotFoundException or BlobChangedException)
        {
            throw new ReductionException($"{exception.Message} The commit record of shard {block.Leaf.Shard} names this part. Restore the blob, or run the job again.", exception);
        }
        return data.Length == block.Length
            ? data
            : throw new ReductionException($"{Name(block)} ends at byte {block.Offset + data.Length}; the shard's commit record says {block.Part.Size}. Restore the blob, or run the job again.");
    }

    private string Name(Block block) => request.Store.Location.TrimEnd('/') + "/" + block.Leaf.Blob(block.Part);

    private readonly record struct Block(Leaf Leaf, LeafPart Part, long Offset, int Length);
}

/// <summary>Some bytes of a part.</summary>
internal readonly record struct PartBlock(Leaf Leaf, LeafPart Part, long Offset, byte[] Data, bool IsLast);
