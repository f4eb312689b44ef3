using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Checkpoints;
using MaskRcnn.Detection.Training.Evaluation;

namespace MaskRcnn.Client.Train;

/// <summary>Shows a run, and writes what its folder has for people: curves, sample overlays, the model's card.</summary>
internal sealed class TrainObserver(TrainOutput output, RunFolder folder, TrainingRunOptions run, RunOrigin origin) : ITrainingObserver, IDisposable
{
    private readonly SampleOverlays _samples = new(folder, run.Configuration.Model);
    private readonly ModelCard _card = new(run, origin);

    public void OnBegin(long step, long steps)
    {
        if (step == 0) origin.Write(folder);
    }

    public void OnStep(TrainingStep step, long steps, double imagesPerSecond) => output.OnStep(step, steps, imagesPerSecond);

    public void OnValidated(long step, string name, int index, int count, RgbImage image, ImageDetections found)
    {
        _samples.Add(step, name, index, count, image, found);
        output.OnValidated(count);
    }

    public void OnModel(long step, ValidationReport? report) => folder.WriteText(ModelCard.FileName, _card.Text(step, report));

    public void OnEvaluation(ValidationReport report)
    {
        TrainingCurves.Write(folder);
        output.OnEvaluation(report);
    }

    public void OnWarning(string message) => output.OnWarning(message);

    /// <summary>The terminal's next line begins at its left.</summary>
    public void Dispose() => output.Clear();
}
