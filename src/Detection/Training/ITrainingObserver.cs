using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Evaluation;

namespace MaskRcnn.Detection.Training;

/// <summary>Watches a run.</summary>
public interface ITrainingObserver
{
    /// <summary>A step was made.</summary>
    /// <param name="step">What it gave.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <param name="imagesPerSecond">The rate since the run began or was resumed.</param>
    void OnStep(TrainingStep step, long steps, double imagesPerSecond);

    /// <summary>An image of the validation was predicted. Called from several threads.</summary>
    /// <param name="step">After how many steps.</param>
    /// <param name="name">The image.</param>
    /// <param name="index">Its place in the validation.</param>
    /// <param name="image">Its pixels.</param>
    /// <param name="found">What was found.</param>
    void OnValidated(long step, string name, int index, RgbImage image, ImageDetections found);

    /// <summary>The run was evaluated.</summary>
    void OnEvaluation(ValidationReport report);

    /// <summary>Something that the user should know.</summary>
    void OnWarning(string message);
}
