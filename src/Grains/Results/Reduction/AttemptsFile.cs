using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary><c>attempts.jsonl</c>: which attempt became which shard's result, then the attempts that came to nothing. Depends on the run.</summary>
internal static class AttemptsFile
{
    /// <summary>Writes it, unless it is there.</summary>
    public static void Write(ResultStore results, IReadOnlyList<Leaf> leaves, IReadOnlyList<AttemptReport> failed)
    {
        results.WriteOrTake("attempts.jsonl", stream =>
        {
            foreach (Leaf leaf in leaves)
                Add(new Line(leaf.Shard, leaf.Attempt, leaf.Run?.Worker, leaf.Run?.Started, leaf.Run?.Finished) { Done = leaf.Done, Failed = leaf.Failed, Threads = leaf.Run?.Threads });
            foreach (AttemptReport attempt in failed)
                Add(new Line(attempt.Shard, attempt.Attempt, attempt.Worker, attempt.Since, attempt.Ended) { How = attempt.How, Suspicion = attempt.Suspicion });

            void Add(Line line)
            {
                stream.Write(DocumentJson.Write(line));
                stream.Write("\n"u8);
            }
        });
    }

    private sealed record Line(string Shard, string Attempt, string? Worker, DateTimeOffset? Started, DateTimeOffset? Finished)
    {
        public int? Done { get; init; }

        public int? Failed { get; init; }

        public int? Threads { get; init; }

        public string? How { get; init; }

        public bool? Suspicion { get; init; }
    }
}
