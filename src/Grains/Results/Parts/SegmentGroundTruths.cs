using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>The ground truth of a job's segments, each parsed once for all its shards: the last few are kept. May be used by many threads.</summary>
/// <param name="jobStore">The job's folder.</param>
public sealed class SegmentGroundTruths(IBlobStore jobStore)
{
    /// <summary>A worker's shards are neighbours: two segments, and one for a straggler.</summary>
    private const int Kept = 3;

    private readonly List<(int Segment, ParsedGroundTruth GroundTruth)> _recent = [];

    /// <summary>A segment's ground truth; parsed on the calling thread if it is not there.</summary>
    /// <param name="segment">Number of the segment.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="BlobNotFoundException">The segment has none.</exception>
    /// <exception cref="Coco.Json.CocoFormatException">It is not as it was written.</exception>
    public async Task<ParsedGroundTruth> GetAsync(int segment, CancellationToken cancellation)
    {
        lock (_recent)
        {
            int index = _recent.FindIndex(recent => recent.Segment == segment);
            if (index >= 0) return _recent[index].GroundTruth;
        }
        string name = JobLayout.GroundTruth(segment);
        BlobContent content = await jobStore.ReadAsync(name, null, cancellation);
        ParsedGroundTruth parsed = ParsedGroundTruth.Read(content.Data, name, cancellation);
        lock (_recent)
        {
            if (_recent.TrueForAll(recent => recent.Segment != segment)) _recent.Add((segment, parsed));
            if (_recent.Count > Kept) _recent.RemoveAt(0);
        }
        return parsed;
    }
}
