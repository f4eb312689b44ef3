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

    /// <summary>The evaluation of those that are annotated.</summary>
    public IEnumerable<EvaluationPart> Evaluate(IEnumerable<Leaf> leaves, EvaluationParameters parameters, IReadOnlyList<long> categories)
    {
        if (job.Specification.Annotations is null) yield break;
        foreach (IGrouping<int, Leaf> segment in leaves.Where(l => l.GivenUp is not null).GroupBy(l => l.Segment))
        {
            long[] ids = [.. segment.Select(Id).OfType<long>()];
            if (ids.Length == 0) continue;
            string name = JobLayout.GroundTruth(segment.Key);
            EvaluationPart part;
            try
            {
                part = MissedImages.Evaluate(Read(name, segment.First()), name, ids, parameters, categories, cancellation);
            }
            catch (Exception exception) when (exception is CocoFormatException or ArgumentException)
            {
                throw new ReductionException($"The images of segment {segment.Key} that were given up cannot be evaluated. {exception.Message}", exception);
            }
            yield return part;
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
