using System.Runtime.InteropServices;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>The evaluation of images that nobody could detect anything in: all their objects are missed.</summary>
public static class MissedImages
{
    /// <summary>The part of the images, as if the results held no detection of them, and a row for each by ascending id.</summary>
    /// <param name="groundTruth">An instances or keypoints file in memory.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="imageIds">Images of that file.</param>
    /// <param name="parameters">What to evaluate by.</param>
    /// <param name="categoryIds">The evaluated categories.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CocoFormatException">The file is malformed.</exception>
    /// <exception cref="ArgumentException">The file has no such image.</exception>
    public static (EvaluationPart Part, IReadOnlyList<ImageRow> Rows) Evaluate(
        byte[] groundTruth, string name, IReadOnlyCollection<long> imageIds, EvaluationParameters parameters, IReadOnlyList<long> categoryIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(groundTruth);
        ArgumentNullException.ThrowIfNull(imageIds);
        ArgumentNullException.ThrowIfNull(categoryIds);
        GroundTruthFile file = GroundTruthFile.Read(JsonSource.Memory(name, groundTruth), cancellationToken);
        var loader = new InstanceLoader(file, ResultsFile.Read(JsonSource.Memory("no results", "[]"u8.ToArray()), cancellationToken), parameters);
        long[] categories = [.. categoryIds.Distinct().Order()];
        long[] images = [.. imageIds.Distinct().Order()];
        if (images.Any(id => !file.Images.ContainsKey(id)))
            throw new ArgumentException($"{name} has no image {images.First(id => !file.Images.ContainsKey(id))}; expected only images of that file.", nameof(imageIds));
        AnnotationTable.Groups objectsOf = file.Annotations.ByImage(images.Index().ToDictionary(image => image.Item, image => image.Index));
        var matcher = new ImageMatcher(parameters, categories);
        var rows = new List<ImageRow>(images.Length);
        var builder = new EvaluationPartBuilder(parameters, categories);
        for (int i = 0; i < images.Length; i++)
        {
            var objects = new List<GroundTruth>();
            foreach (AnnotationTable.Place place in objectsOf[i])
            {
                if (categories.Contains(file.Annotations.Row(place).CategoryId)) objects.Add(loader.GroundTruth(place));
            }
            ImageMatches matches = matcher.Match(images[i], CollectionsMarshal.AsSpan(objects), []);
            builder.Add(matches);
            rows.Add(ImageRow.Of(matches, file.Images[images[i]].FileName, parameters));
        }
        return (builder.Build(), rows);
    }
}
