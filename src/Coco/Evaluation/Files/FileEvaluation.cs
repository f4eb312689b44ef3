using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>Evaluates a results file against a data set, with all cores.</summary>
/// <remarks>
/// Both files are read at the same time. Images are matched in parallel, each thread into its own
/// <see cref="EvaluationPartBuilder"/>, and the parts are accumulated: the same steps as on many machines.
/// </remarks>
public sealed class FileEvaluation
{
    private const int ImagesAtATime = 64;

    private readonly FileEvaluationOptions _options;
    private readonly GroundTruthFile _groundTruth;
    private readonly ResultsFile _results;
    private readonly long[] _categoryIds;
    private readonly long[] _imageIds;
    private readonly AnnotationTable.Groups _groundTruthsOf;
    private readonly AnnotationTable.Groups _detectionsOf;
    private readonly List<ImageRow> _images = [];
    private CocoFormatException? _error;
    private int _next;
    private int _done;

    private FileEvaluation(FileEvaluationOptions options, GroundTruthFile groundTruth, ResultsFile results)
    {
        _options = options;
        _groundTruth = groundTruth;
        _results = results;
        _categoryIds = options.CategoryIds is null ? [.. groundTruth.Categories.Keys] : [.. options.CategoryIds.Distinct().Order()];
        _imageIds = options.ImageIds is null ? [.. groundTruth.Images.Keys.Order()] : [.. options.ImageIds.Distinct().Order()];
        CheckKnown("category", _categoryIds, groundTruth.Categories.ContainsKey);
        CheckKnown("image", _imageIds, groundTruth.Images.ContainsKey);
        var imageIndex = new Dictionary<long, int>(_imageIds.Length);
        for (int i = 0; i < _imageIds.Length; i++) imageIndex.Add(_imageIds[i], i);
        _groundTruthsOf = groundTruth.Annotations.ByImage(imageIndex);
        _detectionsOf = results.Detections.ByImage(imageIndex);
    }

    /// <summary>Evaluates.</summary>
    /// <param name="options">The files and what to evaluate by.</param>
    /// <param name="progress">Told how many of how many images are done; may be null.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="CocoFormatException">A file is malformed or does not fit the other.</exception>
    /// <exception cref="ArgumentException">The parameters are not valid, or ask for unknown images or categories.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static FileEvaluationReport Run(FileEvaluationOptions options, IProgress<(int Done, int Total)>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Parameters.Validate() is { Count: > 0 } problems) throw new ArgumentException(string.Join("; ", problems), nameof(options));
        // A thread of its own: it waits for parsers, which need the pool's threads.
        Task<ResultsFile> reading = Task.Factory.StartNew(
            () => ResultsFile.Read(JsonSource.File(options.ResultsPath), cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        GroundTruthFile groundTruth;
        try
        {
            groundTruth = GroundTruthFile.Read(JsonSource.File(options.GroundTruthPath), cancellationToken);
        }
        catch
        {
            // The ground truth's error is the one to report; the other read must not outlive the call.
            reading.ContinueWith(_ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
            throw;
        }
        ResultsFile results = reading.GetAwaiter().GetResult();
        results.Check(groundTruth);
        return new FileEvaluation(options, groundTruth, results).Evaluate(progress, cancellationToken);
    }

    private FileEvaluationReport Evaluate(IProgress<(int Done, int Total)>? progress, CancellationToken cancellationToken)
    {
        int threads = Math.Clamp((_imageIds.Length + ImagesAtATime - 1) / ImagesAtATime, 1, Environment.ProcessorCount);
        var parts = new EvaluationPart[threads];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread => parts[thread] = MatchImages(progress, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        if (_error is not null) throw _error;
        EvaluationResult result = Accumulator.Accumulate(parts, cancellationToken);
        return new FileEvaluationReport
        {
            Result = result,
            Summary = EvaluationSummary.Of(result),
            CategoryNames = _groundTruth.Categories,
            Images = [.. _images.OrderBy(i => i.ImageId)],
            Warnings = [.. _groundTruth.Warnings, .. _results.Warnings, .. TrapWarnings.Of(_options.Parameters, _groundTruth, _results)],
            DetectionCount = _results.Detections.Count,
        };
    }

    /// <summary>One thread's share: takes images until none is left.</summary>
    private EvaluationPart MatchImages(IProgress<(int Done, int Total)>? progress, CancellationToken cancellationToken)
    {
        var loader = new ImageLoader(_groundTruth, _groundTruthsOf, _results, _detectionsOf, _options.Parameters, _categoryIds);
        var matcher = new ImageMatcher(_options.Parameters, _categoryIds);
        var builder = new EvaluationPartBuilder(_options.Parameters, _categoryIds);
        var rows = new List<ImageRow>();
        for (int start = Take(); start < _imageIds.Length && !cancellationToken.IsCancellationRequested; start = Take())
        {
            int end = Math.Min(start + ImagesAtATime, _imageIds.Length);
            for (int image = start; image < end; image++)
            {
                try
                {
                    loader.Load(image, image);
                }
                catch (CocoFormatException exception)
                {
                    Keep(exception);
                    continue;
                }
                ImageMatches matches = matcher.Match(_imageIds[image], loader.GroundTruths, loader.Detections);
                builder.Add(matches);
                if (_options.PerImage) rows.Add(ImageRow.Of(matches, _groundTruth.Images[_imageIds[image]].FileName, _options.Parameters));
            }
            progress?.Report((Interlocked.Add(ref _done, end - start), _imageIds.Length));
        }
        lock (_images) _images.AddRange(rows);
        return builder.Build();

        int Take() => Interlocked.Add(ref _next, ImagesAtATime) - ImagesAtATime;
    }

    /// <summary>Of all errors the first in its file is reported, whichever thread met it; the ground truth's before the results'.</summary>
    private void Keep(CocoFormatException exception)
    {
        lock (_images)
        {
            if (_error is null || Place(exception).CompareTo(Place(_error)) < 0) _error = exception;
        }

        (bool, long) Place(CocoFormatException e) => (e.File != _groundTruth.Source.Name, e.ByteOffset);
    }

    private static void CheckKnown(string what, long[] ids, Func<long, bool> isKnown)
    {
        long[] unknown = [.. ids.Where(id => !isKnown(id))];
        if (unknown.Length == 0) return;
        string listed = string.Join(", ", unknown.Take(20)) + (unknown.Length > 20 ? $" and {unknown.Length - 20} more" : "");
        throw new ArgumentException($"Unknown {what} ids: {listed}; expected ids that the ground truth holds.");
    }
}
