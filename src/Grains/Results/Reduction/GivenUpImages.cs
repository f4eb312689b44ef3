using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Coco.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// Images that no worker survived: nobody wrote parts for them. Their ids are in the listing, and their objects, all missed, in
/// the segment's ground truth.
/// </summary>
internal sealed class GivenUpImages(IBlobStore store, LeafReader leaves, JobDocument job, CancellationToken cancellation)
{
    private readonly SegmentGroundTruths _groundTruths = new(store);
    private SegmentDocument? _segment;

    /// <summary>The image's id in results; null where the annotations do not name it.</summary>
    /// <exception cref="ReductionException">The listing has another image there.</exception>
    public long? Id(Leaf leaf)
    {
        if (_segment?.Index != leaf.Segment)
            _segment = leaves.Document<SegmentDocument>(JobLayout.Segment(leaf.Segment), $"It says which image shard {leaf.Shard} gave up.", cancellation);
        ListedImage image = _segment.Images[checked((int)(leaf.First - _segment.First))];
        return image.Name == leaf.GivenUp!.Image
            ? image.Id
            : throw new ReductionException($"{JobLayout.Commit(leaf.Shard)} gives up '{leaf.GivenUp.Image}'; image {leaf.First} of the listing is '{image.Name}'.");
    }

    /// <summary>How many objects of the image are missed; null where it is not annotated.</summary>
    public int? Misses(Leaf leaf)
    {
        if (job.Specification.Annotations is null || job.Model.IouTypes.Count == 0 || Id(leaf) is not { } id) return null;
        string type = job.Model.IouTypes.Contains("segm") ? "segm" : job.Model.IouTypes[0];
        (_, IReadOnlyList<ImageRow> rows) = Evaluate(leaf.Segment, [id], JobEvaluation.Parameters(type, job), [.. job.EvaluatedCategories.Select(c => c.Id)]);
        return rows[0].Misses;
    }

    /// <summary>The evaluation of those that are annotated.</summary>
    public IEnumerable<EvaluationPart> Evaluate(IEnumerable<Leaf> committed, EvaluationParameters parameters, IReadOnlyList<long> categories)
    {
        if (job.Specification.Annotations is null) yield break;
        foreach (IGrouping<int, Leaf> segment in committed.Where(l => l.GivenUp is not null).GroupBy(l => l.Segment))
        {
            long[] ids = [.. segment.Select(Id).OfType<long>()];
            if (ids.Length > 0) yield return EvaluationPart.Open(PartData.FromMemory(Evaluate(segment.Key, ids, parameters, categories).Part, $"given-up images of segment {segment.Key}"));
        }
    }

    /// <summary>As if the results held no detection of the images.</summary>
    private (byte[] Part, IReadOnlyList<ImageRow> Rows) Evaluate(int segment, long[] ids, EvaluationParameters parameters, IReadOnlyList<long> categories)
    {
        try
        {
            var evaluation = new ResultsEvaluation(_groundTruths.GetAsync(segment, cancellation).GetAwaiter().GetResult(), [parameters], categories);
            IReadOnlyList<IReadOnlyList<ImageRow>> rows = evaluation.Add(ids, "[]"u8.ToArray(), "no results", cancellation);
            using var stream = new MemoryStream();
            evaluation.WriteTo(0, stream);
            return (stream.ToArray(), rows[0]);
        }
        catch (Exception exception) when (exception is CocoFormatException or ArgumentException or BlobNotFoundException)
        {
            throw new ReductionException($"The images of segment {segment} that were given up cannot be evaluated. {exception.Message}", exception);
        }
    }
}
