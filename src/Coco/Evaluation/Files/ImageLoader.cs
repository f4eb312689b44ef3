using System.Runtime.InteropServices;
using MaskRcnn.Coco.Evaluation.Matching;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>Makes of one image at a time, of the evaluated categories, what the matcher takes. Not for use by two threads at once.</summary>
internal sealed class ImageLoader(
    GroundTruthFile groundTruth, AnnotationTable.Groups groundTruthsOf, ResultsFile results, AnnotationTable.Groups detectionsOf,
    EvaluationParameters parameters, IEnumerable<long> categoryIds)
{
    private readonly InstanceLoader _loader = new(groundTruth, results, parameters);
    private readonly HashSet<long> _categories = [.. categoryIds];
    private readonly List<GroundTruth> _groundTruths = [];
    private readonly List<Detection> _detections = [];

    /// <summary>The image's objects, until the next is loaded.</summary>
    public ReadOnlySpan<GroundTruth> GroundTruths => CollectionsMarshal.AsSpan(_groundTruths);

    /// <summary>The image's detections, until the next is loaded.</summary>
    public ReadOnlySpan<Detection> Detections => CollectionsMarshal.AsSpan(_detections);

    /// <summary>Loads an image.</summary>
    /// <param name="groundTruthIndex">Its index in the grouped ground truth.</param>
    /// <param name="detectionIndex">Its index in the grouped detections.</param>
    /// <exception cref="Json.CocoFormatException">An annotation or a result lacks what the IoU type needs, or is not valid.</exception>
    public void Load(int groundTruthIndex, int detectionIndex)
    {
        _groundTruths.Clear();
        _detections.Clear();
        foreach (AnnotationTable.Place place in groundTruthsOf[groundTruthIndex])
        {
            if (_categories.Contains(groundTruth.Annotations.Row(place).CategoryId)) _groundTruths.Add(_loader.GroundTruth(place));
        }
        foreach (AnnotationTable.Place place in detectionsOf[detectionIndex])
        {
            if (_categories.Contains(results.Detections.Row(place).CategoryId)) _detections.Add(_loader.Detection(place));
        }
    }
}
