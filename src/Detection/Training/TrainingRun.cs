using System.Diagnostics;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Training.Checkpoints;
using MaskRcnn.Detection.Training.Evaluation;
using MaskRcnn.Detection.Training.Initialization;
using MaskRcnn.Detection.Training.Loading;
using MaskRcnn.Detection.Training.Progress;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Training;

/// <summary>
/// The loop: batches, steps, metrics, evaluations, checkpoints. After any interruption it goes on from the newest
/// checkpoint, and what it then writes is what it would have written.
/// </summary>
/// <param name="options">What is trained.</param>
/// <param name="observer">Watches.</param>
public sealed class TrainingRun(TrainingRunOptions options, ITrainingObserver observer)
{
    private readonly TrainingConfiguration _configuration = options.Configuration;
    private readonly CheckpointFolder _checkpoints = new(Path.Combine(options.Output, "checkpoints"));
    private RunState _state = new(0, 0, null, KernelThreads.Count);

    /// <summary>The model file that a run writes.</summary>
    public static string ModelPath(string output) => Path.Combine(output, "model.safetensors");

    /// <summary>Trains.</summary>
    /// <param name="initialize">Fills the network before the first step, over random weights; null for those alone.</param>
    /// <param name="cancellation">Stops it after the step that it is at; a checkpoint is written.</param>
    /// <exception cref="NonFiniteLossException">A loss is infinite or not a number; the state is in <c>checkpoints/non-finite.safetensors</c>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="IOException">Something cannot be written; the last checkpoint is as it was.</exception>
    public TrainingResult Run(StateDict? initialize, CancellationToken cancellation)
    {
        Validation? validation = options.Validation is { } v ? new Validation(v, _configuration.Model, cancellation) : null;
        using MaskRcnnNetwork network = new(_configuration.Model);
        InitialWeights.Fill(network, _configuration.Seed);
        if (initialize is not null)
            WeightSnapshot.Restore(initialize, NetworkLoader.Tensors(network).Where(t => initialize.Find(t.Name, out _)), "");
        network.to(options.Device);
        using Trainer trainer = new(network, _configuration, options.Device);
        if (options.Resume)
            Resume(trainer);
        AtomicFile.Write(Path.Combine(options.Output, "configuration.json"), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(TrainingConfigurationJson.Serialize(_configuration) + '\n')), cancellation);
        using MetricsFile metrics = new(Path.Combine(options.Output, "metrics.jsonl"), _state.Step, _state.EvaluatedAt);
        using TrainingLoader loader = new(options.Data, LoaderOptions());
        Train(trainer, validation, metrics, loader, cancellation);
        return new TrainingResult(_state.Step, _state.Best, ModelPath(options.Output));
    }

    private void Train(Trainer trainer, Validation? validation, MetricsFile metrics, TrainingLoader loader, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp(), images = 0;
        double idle = 0;
        bool saved = options.Resume;
        try
        {
            while (true)
            {
                if (IsDue(_configuration.EvaluateEvery, _state.EvaluatedAt))
                {
                    long began = Stopwatch.GetTimestamp();
                    Evaluate(trainer, validation, metrics, cancellation);
                    idle += Stopwatch.GetElapsedTime(began).TotalSeconds;
                    saved = false;
                }

                if (!saved && (_state.Step % _configuration.CheckpointEvery == 0 || _state.Step == _configuration.Steps))
                    _checkpoints.Write(trainer, _configuration, _state);
                saved = true;
                if (_state.Step >= _configuration.Steps)
                    return;

                long stepBegan = Stopwatch.GetTimestamp();
                TrainingStep step = Step(trainer, loader, cancellation);
                _state = _state with { Step = step.Step };
                saved = false;
                images += step.Images;
                metrics.Add(step, Stopwatch.GetElapsedTime(stepBegan).TotalSeconds);
                observer.OnStep(step, _configuration.Steps, images / (Stopwatch.GetElapsedTime(start).TotalSeconds - idle));
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!saved)
        {
            _checkpoints.Write(trainer, _configuration, _state);
            throw;
        }
        catch (NonFiniteLossException)
        {
            Checkpoint.Write(Path.Combine(options.Output, "checkpoints", "non-finite.safetensors"), trainer, _configuration, _state);
            throw;
        }
    }

    private TrainingStep Step(Trainer trainer, TrainingLoader loader, CancellationToken cancellation)
    {
        List<TrainingBatch> batches = [];
        try
        {
            for (int i = 0; i < _configuration.Accumulation; i++)
                batches.Add(loader.Next(cancellation));
            return trainer.Step(_state.Step, batches);
        }
        finally
        {
            batches.ForEach(batch => batch.Dispose());
        }
    }

    /// <summary>Whether something that happens every so many steps, and at the end, has to happen now.</summary>
    private bool IsDue(long every, long last) =>
        _state.Step > last && (_state.Step == _configuration.Steps || (every > 0 && _state.Step % every == 0));

    private void Evaluate(Trainer trainer, Validation? validation, MetricsFile metrics, CancellationToken cancellation)
    {
        using StateDict weights = new([.. WeightSnapshot.Of(trainer.Average?.State ?? NetworkLoader.Tensors(trainer.Network))]);
        string path = ModelPath(options.Output);
        if (validation is null)
        {
            ModelFile.Write(path, _configuration.Model, weights, cancellationToken: cancellation);
            _state = _state with { EvaluatedAt = _state.Step };
            return;
        }

        ValidationReport report;
        using (Detector detector = Detector.Load(_configuration.Model, weights, path, new ExecutionPlan(options.Device, _configuration.Precision)))
            report = validation.Run(detector, _state.Step, _configuration.EvaluationDetections, Path.Combine(options.Output, "validation.json"), observer, cancellation);
        BestEvaluation? best = _state.Best;
        if (best is null || report.Ap > best.Ap)
        {
            best = new BestEvaluation(_state.Step, report.Ap, report.Ap50);
            ModelFile.Write(path, _configuration.Model, weights, cancellationToken: cancellation);
        }

        metrics.Add(report);
        _state = _state with { EvaluatedAt = _state.Step, Best = best };
        observer.OnEvaluation(report);
    }

    private void Resume(Trainer trainer)
    {
        using WeightFile? file = _checkpoints.OpenNewest(observer.OnWarning);
        if (file is null)
            return;
        (RunState state, TrainingConfiguration configuration) = Checkpoint.Describe(file);
        string before = TrainingConfigurationJson.Serialize(configuration), now = TrainingConfigurationJson.Serialize(_configuration);
        if (before != now)
            throw new ModelConfigurationException([$"the run in {options.Output} has other settings: {Difference(before, now)}. Resume it with its own settings, or begin a new run with --init"]);
        if (state.Threads != KernelThreads.Count)
            observer.OnWarning($"The run had {state.Threads} threads and goes on with {KernelThreads.Count}: from here on its numbers differ in their last bits from those of an uninterrupted run.");
        Checkpoint.Restore(file, trainer);
        _state = state with { Threads = KernelThreads.Count };
    }

    private static string Difference(string before, string now) => string.Join("; ", before.Split('\n').Zip(now.Split('\n'))
        .Where(line => line.First != line.Second).Take(3).Select(line => $"{line.First.Trim(' ', ',')} there, {line.Second.Trim(' ', ',')} here"));

    private TrainingLoaderOptions LoaderOptions() => new()
    {
        BatchSize = _configuration.BatchSize,
        Seed = _configuration.Seed,
        FirstStep = _state.Step * _configuration.Accumulation,
        Threads = options.LoaderThreads,
        Augmentation = _configuration.Augmentation,
        Transform = _configuration.MinSizes.Count == 0 ? _configuration.Model.Transform : _configuration.Model.Transform with { MinSizes = _configuration.MinSizes },
    };
}
