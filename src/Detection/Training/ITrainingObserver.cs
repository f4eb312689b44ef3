using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Evaluation;

namespace MaskRcnn.Detection.Training;

/// <summary>Watches a run.</summary>
public interface ITrainingObserver
{
    /// <summary>The run begins or goes on; its folder is this process's.</summary>
    /// <param name="step">Steps that were made before.</param>
    /// <param name="steps">Steps of the whole run.</param>
    void OnBegin(long step, long steps);

    /// <summary>A step was made.</summary>
    /// <param name="step">What it gave.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <param name="imagesPerSecond">The rate since the run began or was resumed.</param>
    void OnStep(TrainingStep step, long steps, double imagesPerSecond);

    /// <summary>An image of the validation was predicted. Called from several threads.</summary>
    /// <param name="step">After how many steps.</param>
    /// <param name="name">The image.</param>
    /// <param name="index">Its place in the validation.</param>
    /// <param name="count">Images of the validation.</param>
    /// <param name="image">Its pixels.</param>
    /// <param name="found">What was found.</param>
    void OnValidated(long step, string name, int index, int count, RgbImage image, ImageDetections found);

    /// <summary>The model file was written: at each new best, or without a validation whenever one would be due.</summary>
    /// <param name="step">After how many steps.</param>
    /// <param name="report">Its evaluation; null without a validation.</param>
    void OnModel(long step, ValidationReport? report);

    /// <summary>The run was evaluated; its line is in the metrics.</summary>
    void OnEvaluation(ValidationReport report);

    /// <summary>Something that the user should know.</summary>
    void OnWarning(string message);
}
