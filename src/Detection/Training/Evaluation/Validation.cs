using System.Diagnostics;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Evaluation.Instances;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Evaluation;

/// <summary>The images that a run is evaluated on: the model predicts as it will for its users, and src/Coco evaluates.</summary>
internal sealed class Validation
{
    private const double InstanceScore = 0.5;

    private readonly ValidationOptions _options;
    private readonly IReadOnlyList<(long Id, string Name, string Path)> _images;
    private readonly Dictionary<int, long> _categories;

    /// <summary>Finds the images.</summary>
    /// <exception cref="TrainingDataException">An image is missing, or the model knows none of the categories.</exception>
    public Validation(ValidationOptions options, ModelConfiguration model, CancellationToken cancellation)
    {
        _options = options;
        CocoDataset dataset = CocoReader.ReadDataset(options.Annotations, cancellation);
        if (!Directory.Exists(options.Images))
            throw new TrainingDataException($"{options.Images}: there is no such folder; expected the images of {options.Annotations}.");
        ImageLocator locator = new(options.Images, dataset.Images.Select(image => image.FileName));
        _images = [.. dataset.Images.Select(image => (image.Id, image.FileName, locator.Find(image.FileName)
            ?? throw new TrainingDataException($"{image.FileName} (image {image.Id} of {options.Annotations}) is not in {options.Images}; every image of the validation is needed.")))];
        // Of two categories of one label the first one counts.
        _categories = TrainingCategories.LabelsOf(model, dataset.Categories).GroupBy(pair => pair.Value).ToDictionary(group => group.Key, group => group.First().Key);
        if (_categories.Count == 0)
            throw new TrainingDataException($"{options.Annotations}: the model knows none of its categories ({string.Join(", ", dataset.Categories.Select(c => c.Name))}).");
    }

    /// <summary>Evaluates a model.</summary>
    /// <param name="detector">The model.</param>
    /// <param name="step">After how many steps.</param>
    /// <param name="detections">Detections of an image that count.</param>
    /// <param name="results">Where its detections are written, as COCO results.</param>
    /// <param name="observer">Gets some images with what was found.</param>
    /// <param name="cancellation">Stops it.</param>
    public ValidationReport Run(Detector detector, long step, int detections, string results, ITrainingObserver observer, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        AtomicFile.Write(results, stream => Predict(detector, step, stream, observer, cancellation), cancellation);
        List<(IouType, EvaluationSummary)> summaries = [];
        InstanceScores? instances = null;
        foreach (IouType type in Types(detector.Configuration))
        {
            EvaluationParameters parameters = EvaluationParameters.Default(type);
            if (type != IouType.Keypoints)
                parameters = parameters with { MaxDetections = [1, 10, Math.Max(detections, 11)], FixKnownTraps = true, InstanceScoreThreshold = InstanceScore };
            FileEvaluationReport report = FileEvaluation.Run(new FileEvaluationOptions { GroundTruthPath = _options.Annotations, ResultsPath = results, Parameters = parameters }, progress: null, cancellation);
            summaries.Add((type, report.Summary));
            instances = report.Result.Instances ?? instances;
        }

        return new ValidationReport(step, _images.Count, summaries, instances, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static IEnumerable<IouType> Types(ModelConfiguration model)
    {
        yield return IouType.Bbox;
        if (model.KeypointHead is not null)
            yield return IouType.Keypoints;
        if (model.MaskHead is not null)
            yield return IouType.Segm;
    }

    private void Predict(Detector detector, long step, Stream stream, ITrainingObserver observer, CancellationToken cancellation)
    {
        long written = 0;
        stream.WriteByte((byte)'[');
        IEnumerable<PredictionInput> inputs = _images.Select(image => new PredictionInput(image.Name, () => File.ReadAllBytes(image.Path)));
        new PredictionPipeline(detector, new PredictionOptions()).Run(inputs, Finish, lines =>
        {
            foreach (byte[] line in lines)
            {
                stream.Write(written++ == 0 ? "\n"u8 : ",\n"u8);
                stream.Write(line);
            }
        }, cancellation);
        stream.Write("\n]\n"u8);

        IReadOnlyList<byte[]> Finish(Prediction.Prediction prediction)
        {
            if (prediction is not { Image: { } image, Detections: { } found })
                throw new TrainingDataException($"{_images[prediction.Index].Path}: {prediction.Error?.Message}", prediction.Error!);
            observer.OnValidated(step, _images[prediction.Index].Name, prediction.Index, _images.Count, image, found);
            // Of a class that the validation does not have, nothing can be right or wrong.
            ImageDetections known = new(found.Width, found.Height, [.. found.Instances.Where(instance => _categories.ContainsKey(instance.Label))]);
            return DetectionJson.Lines(known, _images[prediction.Index].Id, _categories);
        }
    }
}
