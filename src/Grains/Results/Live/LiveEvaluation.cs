using System.Security.Cryptography;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Reduction;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Live;

/// <summary>
/// AP of what is committed so far. Parts are merged as they come and kept in memory, up to a budget; beyond it the answer is
/// that nobody knows, as a number is nice to watch, and memory is for the job. Blocks the calling thread; not for two at once.
/// </summary>
/// <param name="store">The job's folder.</param>
/// <param name="job">The job.</param>
/// <param name="budget">Bytes of parts to keep.</param>
internal sealed class LiveEvaluation(IBlobStore store, JobDocument job, long budget = 64L << 20)
{
    private const int MergeRatio = 4;

    private readonly HashSet<string> _shards = new(StringComparer.Ordinal);
    private readonly Dictionary<PartKind, List<EvaluationPart>> _parts = [];
    private long _bytes;

    /// <summary>Whether the budget still holds all parts. Once it does not, it never does again.</summary>
    public bool IsKnown { get; private set; } = true;

    /// <summary>Takes a commit record; one that was taken already, a split, and a shard without annotated images change nothing.</summary>
    /// <exception cref="ReductionException">A part is damaged, or does not belong to the job's evaluation.</exception>
    /// <exception cref="IOException">A part cannot be read; the record may be given again.</exception>
    public void Add(CommitRecord record, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!IsKnown || job.Specification.Annotations is null || record.Children is not null || _shards.Contains(record.Shard)) return;
        var leaf = Leaf.Of(record);
        LeafPart[] parts = [.. job.Model.IouTypes.Select(type => leaf.Find(PartKinds.Evaluation(type))).OfType<LeafPart>()];
        if (_bytes + parts.Sum(p => p.Size) > budget)
        {
            Forget();
            return;
        }
        EvaluationPart[] opened = [.. parts.Select(part => Open(leaf, part, cancellation))];
        _shards.Add(record.Shard);
        for (int i = 0; i < parts.Length; i++) Keep(parts[i].Kind, opened[i], cancellation);
    }

    /// <summary>AP by IoU type; empty when it is not known, and before the first part.</summary>
    public IReadOnlyDictionary<string, double> AveragePrecision(CancellationToken cancellation)
    {
        var result = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string type in job.Model.IouTypes)
        {
            if (_parts.TryGetValue(PartKinds.Evaluation(type), out List<EvaluationPart>? parts))
                result.Add(type, EvaluationSummary.Of(Accumulator.Accumulate(parts, cancellation)).AveragePrecision);
        }
        return result;
    }

    private EvaluationPart Open(Leaf leaf, LeafPart part, CancellationToken cancellation)
    {
        string name = leaf.Blob(part);
        byte[] data = store.ReadAsync(name, new BlobReadOptions { IfMatch = part.ETag }, cancellation).GetAwaiter().GetResult().Data;
        if (!SHA256.HashData(data).AsSpan().SequenceEqual(part.Sha256)) throw new ReductionException($"{name} is damaged: its SHA-256 is not the one in the shard's commit record.");
        return Checked(() => EvaluationPart.Open(PartData.FromMemory(data, name)));
    }

    /// <summary>Parts of like size are merged, so that each byte is merged a few times only and there are few parts.</summary>
    private void Keep(PartKind kind, EvaluationPart part, CancellationToken cancellation)
    {
        if (!_parts.TryGetValue(kind, out List<EvaluationPart>? parts)) _parts.Add(kind, parts = []);
        parts.Add(part);
        _bytes += part.Length;
        while (parts.Count > 1 && parts[^2].Length < MergeRatio * parts[^1].Length)
        {
            EvaluationPart[] last = [parts[^2], parts[^1]];
            using var stream = new MemoryStream();
            EvaluationPart merged = Checked(() =>
            {
                EvaluationPartMerger.Merge(last, stream, cancellation);
                return EvaluationPart.Open(PartData.FromMemory(stream.ToArray(), "merged parts"));
            });
            parts.RemoveRange(parts.Count - 2, 2);
            parts.Add(merged);
            _bytes += merged.Length - last.Sum(p => p.Length);
        }
    }

    private void Forget()
    {
        IsKnown = false;
        _parts.Clear();
        _shards.Clear();
        _bytes = 0;
    }

    private static EvaluationPart Checked(Func<EvaluationPart> open)
    {
        try
        {
            return open();
        }
        catch (EvaluationPartException exception)
        {
            throw new ReductionException(exception.Message, exception);
        }
    }
}
