using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>
/// Evaluates results in memory, piece by piece, on the calling thread: the parts that it writes, accumulated, are to the
/// bit what <see cref="FileEvaluation"/> finds in one file of all results. Not for use by two threads at once.
/// </summary>
/// <remarks>
/// As in a file, the first result decides whether boxes, masks or keypoints give the areas: here the first of each piece.
/// So results of one model belong together, whose first result is like all others.
/// </remarks>
public sealed class ResultsEvaluation
{
    private readonly ParsedGroundTruth _groundTruth;
    private readonly EvaluationParameters[] _parameters;
    private readonly long[] _categoryIds;
    private readonly ImageMatcher[] _matchers;
    private readonly EvaluationPartBuilder[] _builders;

    /// <summary>An evaluation without images.</summary>
    /// <param name="groundTruth">What to evaluate against.</param>
    /// <param name="parameters">What to evaluate by; at least one, each valid.</param>
    /// <param name="categoryIds">The categories, all in the ground truth; null for all that it has.</param>
    /// <exception cref="ArgumentException">The parameters are not valid, or ask for unknown categories.</exception>
    public ResultsEvaluation(ParsedGroundTruth groundTruth, IReadOnlyList<EvaluationParameters> parameters, IReadOnlyList<long>? categoryIds = null)
    {
        ArgumentNullException.ThrowIfNull(groundTruth);
        ArgumentNullException.ThrowIfNull(parameters);
        _groundTruth = groundTruth;
        _parameters = [.. parameters];
        _categoryIds = categoryIds is null ? [.. groundTruth.File.Categories.Keys] : [.. categoryIds.Distinct().Order()];
        long[] unknown = [.. _categoryIds.Where(id => !groundTruth.File.Categories.ContainsKey(id))];
        if (unknown.Length > 0)
            throw new ArgumentException($"Unknown category ids: {string.Join(", ", unknown.Take(20))}; expected ids that {groundTruth.File.Source.Name} holds.", nameof(categoryIds));
        _matchers = [.. parameters.Select(p => new ImageMatcher(p, _categoryIds))];
        _builders = [.. parameters.Select(p => new EvaluationPartBuilder(p, _categoryIds))];
    }

    /// <summary>Images so far.</summary>
    public int ImageCount => _builders.Length == 0 ? 0 : _builders[0].ImageCount;

    /// <summary>Evaluates some images.</summary>
    /// <param name="imageIds">The images, each once and in no earlier piece; those without results too. Results of other images are left out.</param>
    /// <param name="results">Their results: a JSON array.</param>
    /// <param name="name">What errors call the results.</param>
    /// <param name="cancellationToken">Stops it; what was added stays.</param>
    /// <returns>For each of the parameters how each image fared, in the order of <paramref name="imageIds"/>.</returns>
    /// <exception cref="CocoFormatException">The results are malformed or do not fit the ground truth.</exception>
    /// <exception cref="ArgumentException">An image is not in the ground truth, or is given twice.</exception>
    public IReadOnlyList<IReadOnlyList<ImageRow>> Add(IReadOnlyList<long> imageIds, ReadOnlyMemory<byte> results, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(imageIds);
        GroundTruthFile groundTruth = _groundTruth.File;
        ResultsFile file = ResultsFile.Read(JsonSource.Here(name, results), cancellationToken);
        file.Check(groundTruth);
        var index = new Dictionary<long, int>(imageIds.Count);
        foreach (long id in imageIds) index.Add(id, index.Count);
        AnnotationTable.Groups detectionsOf = file.Detections.ByImage(index);
        var all = new ImageRow[_parameters.Length][];
        for (int p = 0; p < _parameters.Length; p++)
        {
            var loader = new ImageLoader(groundTruth, _groundTruth.Groups, file, detectionsOf, _parameters[p], _categoryIds);
            ImageRow[] rows = all[p] = new ImageRow[imageIds.Count];
            for (int i = 0; i < rows.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                loader.Load(_groundTruth.IndexOf(imageIds[i]), i);
                ImageMatches matches = _matchers[p].Match(imageIds[i], loader.GroundTruths, loader.Detections);
                _builders[p].Add(matches);
                rows[i] = ImageRow.Of(matches, groundTruth.Images[imageIds[i]].FileName, _parameters[p]);
            }
        }
        return all;
    }

    /// <summary>Writes the <see cref="EvaluationPart"/> of all images so far.</summary>
    /// <param name="index">Which of the parameters.</param>
    /// <param name="stream">Where to; stays open.</param>
    public void WriteTo(int index, Stream stream) => _builders[index].WriteTo(stream);
}
