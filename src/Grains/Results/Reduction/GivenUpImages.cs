using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Coco.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// Images that no worker survived: nobody wrote parts for them. Their ids are in the listing, and their objects, all missed, in
/// the segment's ground truth.
/// </summary>
internal sealed class GivenUpImages(IBlobStore store, JobDocument job, CancellationToken cancellation)
{
    private SegmentDocument? _segment;

    /// <summary>The image's id in results; null where the annotations do not name it.</summary>
    /// <exception cref="ReductionException">The listing has another image there.</exception>
    public long? Id(Leaf leaf)
    {
        if (_segment?.Index != leaf.Segment) _segment = DocumentJson.Read<SegmentDocument>(Read(JobLayout.Segment(leaf.Segment), leaf), JobLayout.Segment(leaf.Segment));
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
        (EvaluationPart part, IReadOnlyList<ImageRow> rows) = Evaluate(leaf.Segment, leaf, [id], JobEvaluation.Parameters(type, job), [.. job.EvaluatedCategories.Select(c => c.Id)]);
        part.Dispose();
        return rows[0].Misses;
    }

    /// <summary>The evaluation of those that are annotated.</summary>
    public IEnumerable<EvaluationPart> Evaluate(IEnumerable<Leaf> leaves, EvaluationParameters parameters, IReadOnlyList<long> categories)
    {
        if (job.Specification.Annotations is null) yield break;
        foreach (IGrouping<int, Leaf> segment in leaves.Where(l => l.GivenUp is not null).GroupBy(l => l.Segment))
        {
            long[] ids = [.. segment.Select(Id).OfType<long>()];
            if (ids.Length > 0) yield return Evaluate(segment.Key, segment.First(), ids, parameters, categories).Part;
        }
    }

    private (EvaluationPart Part, IReadOnlyList<ImageRow> Rows) Evaluate(int segment, Leaf leaf, long[] ids, EvaluationParameters parameters, IReadOnlyList<long> categories)
    {
        string name = JobLayout.GroundTruth(segment);
        try
        {
            return MissedImages.Evaluate(Read(name, leaf), name, ids, parameters, categories, cancellation);
        }
        catch (Exception exception) when (exception is CocoFormatException or ArgumentException)
        {
            throw new ReductionException($"The images of segment {segment} that were given up cannot be evaluated. {exception.Message}", exception);
        }
    }

    private byte[] Read(string name, Leaf leaf)
    {
        try
        {
            return store.ReadAsync(name, null, cancellation).GetAwaiter().GetResult().Data;
        }
        catch (BlobNotFoundException exception)
        {
            throw new ReductionException($"{exception.Message} It says which image shard {leaf.Shard} gave up.", exception);
        }
    }
}
