using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// A shard that was not split, and its result: a commit record in little memory, as there is one for each shard of a
/// collection of any size.
/// </summary>
internal sealed class Leaf
{
    private readonly LeafPart[] _parts;

    private Leaf(CommitRecord record, LeafPart[] parts)
    {
        _parts = parts;
        Shard = record.Shard;
        Folder = record.PartsOf ?? record.Shard;
        Segment = record.Segment;
        First = record.First;
        Count = record.Count;
        Attempt = record.Attempt;
        Done = record.Done;
        Failed = record.Failed;
        Detections = record.Detections;
        EvaluatedDetections = record.EvaluatedDetections;
        GivenUp = record.GivenUp;
        Run = record.Run;
    }

    public string Shard { get; }

    /// <summary>The shard below whose name its parts are: its own, or its parent's.</summary>
    public string Folder { get; }

    public int Segment { get; }

    public long First { get; }

    public int Count { get; }

    public string Attempt { get; }

    public int Done { get; }

    public int Failed { get; }

    public long Detections { get; }

    public long EvaluatedDetections { get; }

    public ImageError? GivenUp { get; }

    public RunDetails? Run { get; }

    public IReadOnlyList<LeafPart> Parts => _parts;

    /// <exception cref="ReductionException">The record names what is not a part of its attempt.</exception>
    public static Leaf Of(CommitRecord record)
    {
        string blob = JobLayout.Commit(record.Shard);
        if (record.PartsOf is { } folder && record.Shard != folder + ".0")
            throw new ReductionException($"{blob} has its parts below shard {folder}; expected its own, or the shard whose first child it is.");
        var parts = new LeafPart[record.Parts.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            PartReference part = record.Parts[i];
            string prefix = JobLayout.Part(record.PartsOf ?? record.Shard, record.Attempt, "");
            if (!part.Name.StartsWith(prefix, StringComparison.Ordinal) || PartKinds.Find(part.Name[prefix.Length..]) is not { } kind)
                throw new ReductionException($"{blob} names the part {part.Name}; expected one of {string.Join(", ", PartKinds.Names)} below {prefix}. It was written by another version of this program.");
            if (part.Size < 1 || part.Sha256.Length != 64 || !part.Sha256.All(char.IsAsciiHexDigitLower))
                throw new ReductionException($"{blob} gives {part.Name} the size {part.Size} and the SHA-256 '{part.Sha256}'; expected a size of at least 1 and 64 lower-case hexadecimal digits.");
            parts[i] = new LeafPart(kind, part.ETag, part.Size, Convert.FromHexString(part.Sha256));
        }
        if (parts.DistinctBy(p => p.Kind).Count() != parts.Length) throw new ReductionException($"{blob} names a part twice.");
        return new Leaf(record, parts);
    }

    public LeafPart? Find(PartKind kind) => Array.Find(_parts, p => p.Kind == kind);

    /// <summary>The blob of one of its parts.</summary>
    public string Blob(LeafPart part) => JobLayout.Part(Folder, Attempt, PartKinds.Name(part.Kind));

    /// <summary>Whether a blob is one of its parts.</summary>
    public bool Names(string blob) => _parts.Any(p => Blob(p) == blob);
}

/// <summary>A part that a commit record names.</summary>
internal sealed record LeafPart(PartKind Kind, string ETag, long Size, byte[] Sha256);
